/* SPDX-License-Identifier: MIT
 *
 * banned: functions that have no bounds, a hidden state or a shell behind
 * them. The compiler's command line includes this before every file.
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
