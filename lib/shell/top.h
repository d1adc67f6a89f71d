/* SPDX-License-Identifier: MIT
 *
 * top: a live screen at a terminal: the figures of the overview, and lists whose rows can be
 * started again or cancelled by a key. Programs only.
 */
#ifndef TOP_H
#define TOP_H

/* argv[1] is "top". Returns the exit status for main(). */
int top_run(int argc, char **argv);

#endif
