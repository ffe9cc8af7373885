package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code terraform plan} of the example would make, by addresses such as {@code aws_sqs_queue.queue["quick"]}. No
 * account is asked but for its number, and a server of this class answers that.
 */
record Plan(Map<String, JsonObject> planned) {

    private static final String MODULE = "module.holdfast.";
    private static final String ACCOUNT = """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:iam::111122223333:user/checks</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
            </GetCallerIdentityResult></GetCallerIdentityResponse>""";

    private static @Nullable String json;

    /** The plan, made once in a test run; each caller gets trees of its own. */
    static synchronized Plan ofExample() {
        var text = json;
        if (text == null) {
            text = make();
            json = text;
        }
        var planned = new LinkedHashMap<String, JsonObject>();
        var root = Json.at(Json.parse(text), "planned_values.root_module");
        for (var module : Json.list(root, "child_modules")) {
            for (var resource : Json.list(module, "resources")) {
                planned.put(
                        Json.text(resource, "address").substring(MODULE.length()),
                        Json.at(resource, "values").getAsJsonObject());
            }
        }
        return new Plan(planned);
    }

    /** The folder with the module and the example, the provider installed; skips the test if there is none. */
    static synchronized Path initialised() {
        Tools.need("terraform", "the Terraform module");
        var work = Tools.ROOT.resolve("deploy/checks/target/terraform");
        copy(Tools.ROOT.resolve("deploy/terraform"), work);
        var failures = new StringJoiner("; ");
        for (var options : List.of(mirror(), Optional.of(List.<String>of()))) {
            if (options.isEmpty()) continue;
            var done = true;
            for (var folder : List.of("modules/holdfast", "examples/eks")) {
                var init =
                        new ArrayList<>(List.of("timeout", "60", "terraform", "init", "-backend=false", "-no-color"));
                init.addAll(options.get());
                var printed = Tools.run(work.resolve(folder), environment(), init);
                done &= printed.status() == 0;
                if (printed.status() != 0)
                    failures.add(printed.text().lines().findFirst().orElse("no answer"));
                if (!done) break;
            }
            if (done) return work;
        }
        Tools.notVerified("the Terraform module: its provider cannot be had here (" + failures + ")");
        return work;
    }

    /** A folder with providers: {@code TF_PLUGIN_MIRROR}, or where such folders usually are. */
    private static Optional<List<String>> mirror() {
        return Stream.of(
                        System.getenv().getOrDefault("TF_PLUGIN_MIRROR", ""),
                        "/opt/tf-plugins",
                        "/usr/share/terraform/plugins",
                        "/usr/local/share/terraform/plugins")
                .filter(folder -> !folder.isEmpty()
                        && Files.isDirectory(Path.of(folder, "registry.terraform.io", "hashicorp", "aws")))
                .findFirst()
                .map(folder -> List.of("-plugin-dir=" + folder));
    }

    private static String make() {
        var example = initialised().resolve("examples/eks");
        try {
            var sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            sts.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                var answer = ACCOUNT.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/xml");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            sts.start();
            try {
                Files.writeString(example.resolve("checks_override.tf"), """
                        provider "aws" {
                          region                      = var.region
                          access_key                  = "test"
                          secret_key                  = "test"
                          skip_credentials_validation = true
                          skip_metadata_api_check     = true
                          skip_region_validation      = true
                          endpoints {
                            sts = "http://127.0.0.1:%d"
                          }
                        }
                        """.formatted(
                                sts.getAddress().getPort()));
                Tools.output(
                        example,
                        environment(),
                        List.of(
                                "terraform",
                                "plan",
                                "-input=false",
                                "-no-color",
                                "-out=plan",
                                "-var=bucket=holdfast-data-111122223333",
                                "-var=mail_domain=mail.example.org",
                                "-var=oidc_provider_arn=arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0"));
                return Tools.output(example, environment(), List.of("terraform", "show", "-json", "plan"));
            } finally {
                sts.stop(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No settings of whoever runs the checks: a broken or foreign one would decide. */
    static Map<String, String> environment() {
        return Map.of("TF_CLI_CONFIG_FILE", "/dev/null", "CHECKPOINT_DISABLE", "1", "TF_IN_AUTOMATION", "1");
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains(".terraform")) continue;
                var target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(Optional.ofNullable(target.getParent()).orElseThrow());
                Files.write(target, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonElement get(String address) {
        var found = planned.get(address);
        if (found == null) throw new AssertionError("nothing is planned at " + address + " but " + planned.keySet());
        return found;
    }

    /** The resources of a type, by address. */
    Map<String, JsonObject> type(String type) {
        var found = new LinkedHashMap<String, JsonObject>();
        planned.forEach((address, values) -> {
            if (address.startsWith(type + ".")) found.put(address, values);
        });
        return found;
    }

    boolean has(String address) {
        return planned.containsKey(address);
    }
}
