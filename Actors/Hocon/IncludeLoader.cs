using System.Text;

namespace Picket.Hocon;

/// <summary>Reads the files of one configuration, and stops circles and floods of includes.</summary>
internal sealed class IncludeLoader
{
    // The order of precedence for a name without a known extension: later ones are merged over earlier ones.
    private static readonly string[] Extensions = ["", ".properties", ".json", ".conf"];
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        if (_open.Contains(full)) throw new ConfigException(origin, $"include cycle: {string.Join(" -> ", _open)} -> {full}");
        if (_open.Count > ConfigLimits.IncludeDepth)
            throw new ConfigException(origin, $"includes nest deeper than {ConfigLimits.IncludeDepth} files: {string.Join(" -> ", _open)}");
        if (!File.Exists(full) && !Directory.Exists(full)) return null;
        if (++_reads > ConfigLimits.Files) throw new ConfigException(origin, $"more than {ConfigLimits.Files} files are included");

        var text = ReadText(full, origin);
        if (!_files.Contains(full)) _files.Add(full);
        _open.Add(full);
        var value = Path.GetExtension(full) == ".properties"
            ? PropertiesReader.Read(text, full)
            : new HoconParser(text, full, this, context with { Directory = Path.GetDirectoryName(full) }).ReadDocument();
        _open.RemoveAt(_open.Count - 1);
        return value;
    }

    /// <summary>What an include statement stands for; an empty object where a file that is not required is missing.</summary>
    /// <exception cref="ConfigException">A required file is missing, or a file cannot be read or is wrong.</exception>
    public ConfigObject Include(IncludeRequest request, IncludeContext context)
    {
        var isUrl = request.Kind == IncludeKind.Plain && request.Name.Contains("://", StringComparison.Ordinal);
        if (isUrl || request.Kind == IncludeKind.Url)
            throw new ConfigException(request.Origin, $"cannot include '{request.Name}': files can be included, URLs cannot");

        var merged = new ConfigObject(request.Origin);
        var found = false;
        foreach (var path in Candidates(request, context))
        {
            var root = ReadFile(path, request.Origin, context);
            if (root is null) continue;
            found = true;
            if (root is not ConfigObject fields)
                throw new ConfigException(root.Origin, $"{root.Describe()} cannot be included; an object is expected");
            foreach (var (key, field) in fields.Members) merged.Put(key, field);
        }

        if (!found && request.IsRequired)
            throw new ConfigException(request.Origin, $"the required file '{request.Name}' was not found{Folder(context)}");
        return merged;
    }

    private static IEnumerable<string> Candidates(IncludeRequest request, IncludeContext context)
    {
        if (request.Kind == IncludeKind.Classpath || request.Name.Length == 0) return [];
        if (!Path.IsPathRooted(request.Name) && context.Directory is null) return [];
        var path = Path.Combine(context.Directory ?? "", request.Name);
        return Path.GetExtension(path) is ".conf" or ".json" or ".properties" ? [path] : Extensions.Select(extension => path + extension);
    }

    private static string Folder(IncludeContext context) =>
        context.Directory is null ? "; this text has no folder" : $" from {context.Directory}";

    private static string ReadText(string path, ConfigOrigin origin)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > ConfigLimits.FileBytes)
                    throw new ConfigException(new ConfigOrigin(path, 0, 0), $"the file is longer than {ConfigLimits.FileBytes} bytes");
            }

            return StrictUtf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigException(new ConfigOrigin(path, 0, 0), $"the file is not valid UTF-8, first at byte {e.Index}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigException(origin, $"cannot read {path}: {e.Message}", e);
        }
    }
}
