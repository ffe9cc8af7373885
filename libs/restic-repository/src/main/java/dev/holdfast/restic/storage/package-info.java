/** Where the objects of a repository lie: one small interface, a local folder, and memory for tests. */
@NullMarked
package dev.holdfast.restic.storage;

import org.jspecify.annotations.NullMarked;
