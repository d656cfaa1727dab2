using System.Globalization;
using System.Text;

namespace Picket.Hocon;

/// <summary>Reads Java's properties files, which an include without an extension also finds. All values are strings.</summary>
internal static class PropertiesReader
{
    private sealed record Entry(string[] Keys, ConfigLiteral Value);

    /// <summary>The properties as objects: keys are split at every dot, and where a key is both text and object the object wins.</summary>
    public static ConfigObject Read(string text, string source)
    {
        var lines = new LineMap(text, source);
        var root = new ConfigObject(lines.At(0));
        var entries = new List<Entry>();
        for (var at = 0; at < text.Length;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at == text.Length) break;
            if (text[at] is '#' or '!')
            {
                while (at < text.Length && text[at] != '\n') at++;
                continue;
            }

            var origin = lines.At(at);
            var key = ReadPart(text, ref at, isKey: true, origin);
            while (at < text.Length && text[at] is ' ' or '\t' or '\f') at++;
            if (at < text.Length && text[at] is '=' or ':') at++;
            while (at < text.Length && text[at] is ' ' or '\t' or '\f') at++;
            var place = lines.At(at);
            var value = new ConfigLiteral(place, ConfigValueKind.String, ReadPart(text, ref at, isKey: false, origin));
            var keys = key.Split('.');
            if (keys.Length > ConfigLimits.Depth) throw new ConfigException(origin, $"a path of more than {ConfigLimits.Depth} keys");
            entries.Add(new Entry(keys, value));
        }

        // Longer paths last, so that an object is put over a text and not the other way round; the sort keeps the order of equals.
        foreach (var entry in entries.OrderBy(entry => entry.Keys.Length)) Put(root, entry);
        return root;
    }

    private static void Put(ConfigObject root, Entry entry)
    {
        ConfigValue value = entry.Value;
        for (var i = entry.Keys.Length - 1; i > 0; i--)
        {
            var parent = new ConfigObject(value.Origin);
            parent.Put(entry.Keys[i], new ConfigField(value, value.Origin));
            value = parent;
        }

        root.Put(entry.Keys[0], new ConfigField(value, value.Origin));
    }

    private static string ReadPart(string text, ref int at, bool isKey, ConfigOrigin origin)
    {
        var part = new StringBuilder();
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '\n' or '\r' || (isKey && c is '=' or ':' or ' ' or '\t' or '\f')) break;
            if (c != '\\' || at + 1 == text.Length)
            {
                part.Append(c);
                continue;
            }

            c = text[++at];
            if (c is '\n' or '\r')
            {
                if (c == '\r' && at + 1 < text.Length && text[at + 1] == '\n') at++;
                while (at + 1 < text.Length && text[at + 1] is ' ' or '\t' or '\f') at++;
                continue;
            }

            if (c != 'u')
            {
                part.Append(c switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', _ => c });
                continue;
            }

            if (at + 4 >= text.Length
                || !ushort.TryParse(text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                throw new ConfigException(origin, "\\u needs four hexadecimal digits");
            part.Append((char)code);
            at += 4;
        }

        // The other formats refuse halves of surrogate pairs, so that any value can be written as UTF-8.
        var whole = part.ToString();
        for (var i = 0; i < whole.Length; i++)
        {
            if (!char.IsSurrogate(whole[i])) continue;
            if (i + 1 == whole.Length || !char.IsSurrogatePair(whole[i], whole[i + 1]))
                throw new ConfigException(origin, "the text is not valid Unicode: half of a surrogate pair");
            i++;
        }

        return whole;
    }
}
