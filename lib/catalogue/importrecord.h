/* SPDX-License-Identifier: MIT
 *
 * importrecord: the records that tell of an import, as fulfil-record(5)
 * describes them. Programs only.
 */
#ifndef IMPORTRECORD_H
#define IMPORTRECORD_H

#include "catalogue/import.h"
#include "catalogue/upload.h"

#include <stdint.h>

/* `size`: bytes of the file; 0: not known. */
void importrecord_put_progress(const struct import *im, int64_t size, double seconds);

void importrecord_put_reject(const struct csvfile_reject *r);
void importrecord_put_warning(long line, const char *code, const char *text);
void importrecord_put_change(const char *change);
void importrecord_put_superseded(long line, long by);

/* `im` NULL: it came to no import; that of an upload names it. */
void importrecord_put_summary(const struct import *im, double seconds, const char *status,
			      bool dry_run, const struct upload_job *job);

#endif
