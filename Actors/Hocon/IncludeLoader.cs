namespace Picket.Hocon;

/// <summary>Reads the files and resources of one configuration, and stops circles and floods of includes.</summary>
/// <param name="resources">Where resources are looked for.</param>
/// <param name="callback">Gives the text of what is included in place of any file or resource; null to read those.</param>
internal sealed class IncludeLoader(ConfigResources resources, Func<string, string?>? callback = null)
{
    private const string FileScheme = "file:";

    // The order of precedence for a name without a known extension: later ones are merged over earlier ones.
    private static readonly string[] Extensions = ["", ".properties", ".json", ".conf"];

    private readonly List<string> _open = [];
    private readonly List<string> _files = [];
    private int _reads;

    /// <summary>The full paths of all files that were read, in that order, each once.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Reads the file at <paramref name="path"/>; null where there is none.</summary>
    /// <exception cref="ConfigException">The file cannot be read or is wrong.</exception>
    public ConfigValue? ReadFile(string path, ConfigOrigin origin, IncludeContext context)
    {
        if (path.Contains('\0')) throw new ConfigException(origin, "the name of the file holds a NUL character");
        var full = Path.GetFullPath(path);
        CheckNotOpen(full, origin);
        if (!File.Exists(full) && !Directory.Exists(full)) return null;
        var text = SourceText.OfFile(full, origin);
        if (!_files.Contains(full)) _files.Add(full);
        return Parse(text, full, origin, context with { Directory = Path.GetDirectoryName(full), ResourceFolder = null });
    }

    /// <summary>Reads the resource of a name; null where there is none.</summary>
    /// <exception cref="ConfigException">The resource is wrong.</exception>
    public ConfigValue? ReadResource(string name, ConfigOrigin origin, IncludeContext context)
    {
        using var stream = resources.Open(name);
        if (stream is null) return resources.FindFile(name) is { } file ? ReadFile(file, origin, context) : null;
        var source = $"resource {name}";
        CheckNotOpen(source, origin);
        var inside = context with { Directory = null, ResourceFolder = name[..(name.LastIndexOf('/') + 1)] };
        return Parse(SourceText.Of(stream, source), source, origin, inside);
    }

    /// <summary>What an include statement stands for; an empty object where something that is not required is missing.</summary>
    /// <exception cref="ConfigException">Something required is missing, or what is there cannot be read or is wrong.</exception>
    public ConfigObject Include(IncludeRequest request, IncludeContext context)
    {
        var merged = new ConfigObject(request.Origin);
        if (!TryInclude(request, context, merged) && request.IsRequired)
            throw new ConfigException(request.Origin, $"the required file '{request.Name}' was not found{Places(request, context)}");
        return merged;
    }

    private bool TryInclude(IncludeRequest request, IncludeContext context, ConfigObject into)
    {
        if (callback is not null) return Merge(into, ReadCallback(request, context));
        var name = request.Name;
        var isFileUrl = request.Kind is IncludeKind.Plain or IncludeKind.Url
            && name.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase);
        if (isFileUrl) return Merge(into, ReadFile(LocalPath(request), request.Origin, context));
        if (request.Kind == IncludeKind.Url || (request.Kind == IncludeKind.Plain && name.Contains("://", StringComparison.Ordinal)))
            throw new ConfigException(request.Origin, $"cannot include '{name}': files and resources can be included, this URL cannot");

        var isAdjacentFile = request.Kind == IncludeKind.File || (request.Kind == IncludeKind.Plain && context.ResourceFolder is null);
        if (isAdjacentFile && (context.Directory is not null || Path.IsPathRooted(name)))
        {
            var path = Path.Combine(context.Directory ?? "", name);
            if (MergeAll(into, name, path, candidate => ReadFile(candidate, request.Origin, context))) return true;
        }

        if (request.Kind == IncludeKind.File) return false;
        var isRelative = request.Kind == IncludeKind.Plain && !name.StartsWith('/');
        var resource = isRelative ? context.ResourceFolder + name : name.TrimStart('/');
        return MergeAll(into, name, resource, candidate => ReadResource(candidate, request.Origin, context));
    }

    private ConfigValue? ReadCallback(IncludeRequest request, IncludeContext context)
    {
        CheckNotOpen(request.Name, request.Origin);
        return callback!(request.Name) is { } text ? Parse(text, request.Name, request.Origin, context) : null;
    }

    private static bool MergeAll(ConfigObject into, string name, string path, Func<string, ConfigValue?> read)
    {
        if (name.Length == 0) return false;
        if (Path.GetExtension(path) is ".conf" or ".json" or ".properties") return Merge(into, read(path));
        var found = false;
        foreach (var extension in Extensions) found |= Merge(into, read(path + extension));
        return found;
    }

    private static bool Merge(ConfigObject into, ConfigValue? root)
    {
        if (root is null) return false;
        if (root is not ConfigObject fields)
            throw new ConfigException(root.Origin, $"{root.Describe()} cannot be included; an object is expected");
        foreach (var (key, field) in fields.Members) into.Put(key, field);
        return true;
    }

    private void CheckNotOpen(string source, ConfigOrigin origin)
    {
        if (_open.Contains(source)) throw new ConfigException(origin, $"include cycle: {string.Join(" -> ", _open)} -> {source}");
        if (_open.Count > ConfigLimits.IncludeDepth)
            throw new ConfigException(origin, $"includes nest deeper than {ConfigLimits.IncludeDepth} files: {string.Join(" -> ", _open)}");
    }

    private ConfigValue Parse(string text, string source, ConfigOrigin origin, IncludeContext context)
    {
        if (++_reads > ConfigLimits.Files) throw new ConfigException(origin, $"more than {ConfigLimits.Files} files are included");
        _open.Add(source);
        var value = Path.GetExtension(source) == ".properties"
            ? PropertiesReader.Read(text, source)
            : new HoconParser(text, source, this, context).ReadDocument();
        _open.RemoveAt(_open.Count - 1);
        return value;
    }

    private static string LocalPath(IncludeRequest request) =>
        Uri.TryCreate(request.Name, UriKind.Absolute, out var address) && address.IsFile
            ? address.LocalPath
            : throw new ConfigException(request.Origin, $"'{request.Name}' is no URL of a file");

    private string Places(IncludeRequest request, IncludeContext context)
    {
        if (callback is not null) return " by the callback";
        var folder = context.Directory is null ? "; this text has no folder" : $" from {context.Directory}";
        return request.Kind == IncludeKind.Classpath ? $" among the resources of: {resources.Places()}" : folder;
    }
}
