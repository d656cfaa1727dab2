using System.Text;
using System.Text.RegularExpressions;

namespace Picket.Hocon;

/// <summary>Paths: keys joined by dots, quoted where a key would not read back as one.</summary>
internal static partial class ConfigPath
{
    /// <summary>The keys of a path expression.</summary>
    /// <exception cref="ConfigException">The expression is no path.</exception>
    public static IReadOnlyList<string> Parse(string path) => Parse(path, $"path '{path}'");

    /// <summary>The keys of a path expression that came from <paramref name="source"/>.</summary>
    /// <exception cref="ConfigException">The expression is no path.</exception>
    public static IReadOnlyList<string> Parse(string path, string? source)
    {
        if (PlainPath().IsMatch(path)) return path.Split('.');
        var scanner = new HoconScanner(path, source);
        var keys = scanner.ReadPath(PathEnd.Text);
        return scanner.AtEnd ? keys : throw scanner.Unexpected("in a path");
    }

    /// <summary>The path expression of <paramref name="keys"/>.</summary>
    public static string Format(IEnumerable<string> keys)
    {
        var text = new StringBuilder();
        foreach (var key in keys)
        {
            if (text.Length > 0) text.Append('.');
            AppendKey(text, key);
        }

        return text.ToString();
    }

    /// <summary>The path expression of <paramref name="key"/> below <paramref name="parent"/>, which is empty at the root.</summary>
    public static string Join(string parent, string key)
    {
        var text = new StringBuilder(parent, parent.Length + key.Length + 3);
        if (text.Length > 0) text.Append('.');
        AppendKey(text, key);
        return text.ToString();
    }

    private static void AppendKey(StringBuilder text, string key)
    {
        if (PlainKey().IsMatch(key))
        {
            text.Append(key);
            return;
        }

        text.Append('"');
        foreach (var c in key)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(null, $"\\u{(int)c:x4}");
            else text.Append(c);
        }

        text.Append('"');
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainKey();
}
