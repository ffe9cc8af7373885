package dev.holdfast.local.cloud;

import dev.holdfast.local.Folders;
import dev.holdfast.local.StandIns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** S3 by S3Proxy over a folder: one folder per bucket, one file per object. Signatures and expiry are checked. */
final class S3StandIn {
    /** The largest object that one PUT may bring, as on AWS: 5 GiB. */
    private static final long MAX_PUT_BYTES = 5L * 1024 * 1024 * 1024;

    private S3StandIn() {}

    static void start(int port, Optional<Path> data) {
        Path folder = data.map(Folders::create).orElseGet(S3StandIn::temporary);
        Properties store = new Properties();
        store.setProperty("jclouds.filesystem.basedir", folder.toString());
        S3Proxy server = S3Proxy.builder()
                .blobStore(new ListedBuckets(BlobStores.create("filesystem", store)))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, StandIns.ACCESS_KEY, StandIns.SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .maxSinglePartObjectSize(MAX_PUT_BYTES)
                .v4MaxNonChunkedRequestSize(MAX_PUT_BYTES)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 stand-in cannot start on port " + port, e);
        }
    }

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("holdfast-s3-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete-objects"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot delete " + folder + ": " + e);
        }
    }
}
