namespace Picket.Hocon;

/// <summary>Reads configurations.</summary>
public static class ConfigurationFactory
{
    /// <summary>A configuration without values.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>
    /// Reads HOCON (or JSON, which is part of it) from a text. Relative includes find nothing, as a text lies in no folder.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="origin">What to name in errors; null for "text".</param>
    /// <exception cref="ConfigException">The text is wrong; the message names the place.</exception>
    public static Config ParseString(string text, string? origin = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var loader = new IncludeLoader();
        return new Config(new HoconParser(text, origin, loader, IncludeContext.Root(null)).ReadDocument(), loader.Files);
    }

    /// <summary>Reads a file in UTF-8 and what it includes; relative includes start from the folder of the including file.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="ConfigException">A file is missing, cannot be read, or is wrong; the message names the place.</exception>
    public static Config ParseFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var loader = new IncludeLoader();
        var place = new ConfigOrigin(path, 0, 0);
        var root = path.Length == 0 ? null : loader.ReadFile(path, place, IncludeContext.Root(null));
        return root is null ? throw new ConfigException(place, "the file does not exist") : new Config(root, loader.Files);
    }
}
