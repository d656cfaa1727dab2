using System.CommandLine;
using Picket.Hocon;
using Picket.Node.Options;

namespace Picket.Node.CommandLine;

/// <summary><c>picket config render [--raw] FILE</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The configuration file." };
        var raw = new Option<bool>("--raw") { Description = "Render any HOCON file as it is: no defaults, no check of keys." };
        var overrides = OverrideOption();
        var render = new Command("render", "Prints the configuration that results from FILE as JSON.") { file, raw, overrides };
        render.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            if (Directory.Exists(path)) throw new UsageException($"{path}: a folder, where a file is expected");
            if (!File.Exists(path)) throw new UsageException($"{path}: no such file");
            var config = parsed.GetValue(raw)
                ? ConfigurationFactory.ParseFile(path).Resolve()
                : NodeConfig.Load(path, parsed.GetValue(overrides) ?? []).Config;
            if (!parsed.GetValue(raw)) _ = NodeOptionsReader.Read(config);
            Console.Out.WriteLine(ConfigRenderer.ToJson(config, true));
            return ExitCodes.Done;
        });
        return new Command("config", "Looks at configurations.") { render };
    }

    /// <summary>The <c>-o key=value</c> option.</summary>
    public static Option<string[]> OverrideOption() => new("-o")
    {
        Description = "Sets one option over the file: -o alerts.file.path=/tmp/a.ndjson. May be repeated.",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = false,
    };
}
