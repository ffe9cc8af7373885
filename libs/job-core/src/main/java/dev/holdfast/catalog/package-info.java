/** Repositories, their snapshots, and uploads: what backups consist of, without opening a repository. */
@NullMarked
package dev.holdfast.catalog;

import org.jspecify.annotations.NullMarked;
