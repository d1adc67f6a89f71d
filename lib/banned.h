/* SPDX-License-Identifier: MIT
 *
 * banned: makes the use of functions that check no bounds, keep hidden state or
 * run a shell an error. The compiler's command line includes this header before
 * every file.
 */
#ifndef BANNED_H
#define BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok atoi atol atof
#pragma GCC poison system popen gmtime localtime asctime ctime tmpnam mktemp

#endif
