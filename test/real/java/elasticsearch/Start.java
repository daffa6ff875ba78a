import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node in this JVM, made with Elasticsearch's public classes: {@code Start name=value…}, each argument a node setting.
 * It needs {@code path.home} with {@code lib/} and {@code modules/transport-netty4/} as {@code prepare-server.ts} lays them out.
 *
 * <p>SIGTERM closes the node in good order. The end of standard input ends the JVM at once: whoever started it is dead, and nobody else would stop it.
 */
public class Start {
    public static void main(String[] args) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String arg : args) {
            int at = arg.indexOf('=');
            settings.put(arg.substring(0, at), arg.substring(at + 1));
        }
        Environment environment = new Environment(settings.build(), null);
        LogConfigurator.configureESLogging();
        // Transport is a module there, not a class on the class path: without it a node has no HTTP.
        PluginsLoader plugins =
            PluginsLoader.createPluginsLoader(PluginsLoader.loadModulesBundles(environment.modulesDir(), false), Set.of(), Map.of(), false);
        Node node = new Node(environment, plugins);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        node.start();
        System.out.println("STARTED");
        waitForEndOfInput();
        Runtime.getRuntime().halt(1);
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static void waitForEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // whatever is typed means nothing
        }
    }
}
