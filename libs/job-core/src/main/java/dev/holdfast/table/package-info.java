/** The table of jobs: put if absent, claim, and the writes of a run, each under its fence. */
@NullMarked
package dev.holdfast.table;

import org.jspecify.annotations.NullMarked;
