using Picket.Hocon;

namespace Picket.Node.Options;

/// <summary>
/// The configuration in its layers: the built-in reference, the user's file, <c>PICKET_*</c> environment variables, command line.
/// Every key must be one of the reference's.
/// </summary>
internal sealed class NodeConfig
{
    private const string Root = "picket";
    private const string EnvironmentPrefix = "PICKET_";

    private NodeConfig(Config config, string? file)
    {
        Config = config;
        File = file;
    }

    /// <summary>The layers merged and resolved.</summary>
    public Config Config { get; }

    /// <summary>The user's file; null when only defaults are in force.</summary>
    public string? File { get; }

    /// <summary>The reference, as built in.</summary>
    public static Config Reference { get; } = ReadReference();

    /// <summary>The file that is read when none is named: the system's, else the one beside the program or above it.</summary>
    public static string? FindDefaultFile()
    {
        const string System = "/etc/picket/picket.conf";
        if (global::System.IO.File.Exists(System)) return System;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "config", "picket.conf");
            if (global::System.IO.File.Exists(candidate)) return candidate;
        }

        return null;
    }

    /// <summary>Reads and merges the layers.</summary>
    /// <param name="file">The user's file; null for none.</param>
    /// <param name="overrides"><c>key=value</c> each, as from <c>-o</c>; the leading <c>picket.</c> may be left out.</param>
    /// <exception cref="ConfigException">A layer is malformed or has an unknown key; the message names file, line and column.</exception>
    public static NodeConfig Load(string? file, IReadOnlyList<string> overrides)
    {
        var user = Config.Empty;
        if (file is not null)
        {
            if (Directory.Exists(file)) throw new ConfigException(new ConfigOrigin(file, 0, 0), "a folder, where a file is expected");
            if (!global::System.IO.File.Exists(file)) throw new ConfigException(new ConfigOrigin(file, 0, 0), "no such file");
            user = ConfigurationFactory.ParseFile(file);
        }

        var known = Reference.Entries.Select(entry => entry.Path).ToList();
        user = WithEnvironment(user, known);
        foreach (var text in overrides) user = WithOverride(user, text);
        var merged = user.WithFallback(Reference).Resolve();
        Check(merged, known);
        return new NodeConfig(merged, file);
    }

    private static Config ReadReference()
    {
        using var stream = typeof(NodeConfig).Assembly.GetManifestResourceStream("picket.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd(), "reference").Resolve();
    }

    /// <summary><c>PICKET_ALERTS_FILE_PATH</c> is <c>picket.alerts.file.path</c>: dots and dashes become underscores. Variables
    /// that stand for no key belong to somebody else.</summary>
    private static Config WithEnvironment(Config config, List<string> known)
    {
        foreach (var path in known)
        {
            var name = EnvironmentPrefix + path[(Root.Length + 1)..].Replace('.', '_').Replace('-', '_').ToUpperInvariant();
            if (Environment.GetEnvironmentVariable(name) is { } value) config = With(config, path, value, "environment " + name);
        }

        return config;
    }

    private static Config WithOverride(Config config, string text)
    {
        var equals = text.IndexOf('=');
        var origin = "-o " + text;
        if (equals <= 0) throw new ConfigException(new ConfigOrigin(origin, 0, 0), "expected key=value");
        var key = text[..equals].Trim();
        var path = key.StartsWith(Root + ".", StringComparison.Ordinal) ? key : $"{Root}.{key}";
        return With(config, path, text[(equals + 1)..], origin);
    }

    /// <summary>A list, an object or a quoted text is HOCON; anything else is the value as it stands, colons and all.</summary>
    private static Config With(Config config, string path, string value, string origin) =>
        value.TrimStart() is ['[' or '{' or '"', ..] ? config.WithValue(path, value, origin) : config.WithText(path, value, origin);

    private static void Check(Config merged, List<string> known)
    {
        var names = known.ToHashSet(StringComparer.Ordinal);
        foreach (var entry in merged.Entries)
        {
            if (names.Contains(entry.Path)) continue;
            var nearest = NearestKey.Suggest(entry.Path, known);
            throw new ConfigException(entry.KeyOrigin, nearest is null
                ? $"unknown key '{entry.Path}'"
                : $"unknown key '{entry.Path}'; the nearest known one is '{nearest}'");
        }
    }
}
