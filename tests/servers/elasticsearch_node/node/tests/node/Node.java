package tests.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One real node on loopback: HOME FOLDER PORT [setting=value ...].
 * The server is started through its public constructor and its own loader of plug-ins.
 */
public final class Node {
    private Node() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path folder = Path.of(arguments[1]).toAbsolutePath();
        try {
            start(home, folder, settings(home, folder, arguments));
        } catch (Throwable error) {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Thread.currentThread().join();
    }

    private static Settings settings(Path home, Path folder, String[] arguments) {
        Settings.Builder chosen = Settings.builder()
            .put("cluster.name", "sohoa-tests")
            .put("node.name", "node")
            .put("path.home", home)
            .put("path.data", folder.resolve("data"))
            .put("path.logs", folder.resolve("logs"))
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[2])
            .put("transport.port", "0")
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .put("discovery.type", "single-node")
            .put("node.store.allow_mmap", false)
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (int at = 3; at < arguments.length; at++) {
            String[] pair = arguments[at].split("=", 2);
            chosen.put(pair[0], pair[1]);
        }
        return chosen.build();
    }

    private static void start(Path home, Path folder, Settings settings) throws Exception {
        Files.createDirectories(folder.resolve("logs"));
        Path config = Files.createDirectories(folder.resolve("config"));
        LogConfigurator.configureWithoutConfig(settings);
        LogConfigurator.configureESLogging();
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> "node");
        // false: the server runs on the class path, not as a module of Java's own system
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(home.resolve("modules"), false), Set.of(), Map.of(), false);
        var node = new org.elasticsearch.node.Node(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.prepareForClose();
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
    }
}
