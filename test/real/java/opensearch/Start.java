import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One OpenSearch node in this JVM: {@code Start name=value…}, each argument a node setting.
 *
 * <p>SIGTERM closes the node in good order. The end of standard input ends the JVM at once: whoever started it is dead, and nobody else would stop it.
 */
public class Start {
    /** The constructor that takes plugins from the class path is protected. */
    private static class ClassPathNode extends Node {
        ClassPathNode(Environment environment) {
            super(environment, List.of(netty()), true);
        }

        private static PluginInfo netty() {
            String name = Netty4ModulePlugin.class.getName();
            return new PluginInfo(name, "HTTP and transport", "NA", Version.CURRENT, "21", name, null, List.of(), false);
        }
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (String arg : args) {
            int at = arg.indexOf('=');
            settings.put(arg.substring(0, at), arg.substring(at + 1));
        }
        Path config = Path.of(settings.get("path.home")).resolve("config");
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(Settings.EMPTY, settings, config, () -> settings.get("node.name"));
        LogConfigurator.configureWithoutConfig(environment.settings());
        Node node = new ClassPathNode(environment);
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
