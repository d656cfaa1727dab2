using System.Xml;
using System.Xml.Linq;

namespace Picket.Hocon;

/// <summary>Finds the configuration that lies beside a program.</summary>
internal static class ApplicationFile
{
    /// <summary>The first configuration of a program that lies in <paramref name="folder"/>; null where there is none.</summary>
    /// <exception cref="ConfigException">A file cannot be read or is wrong.</exception>
    public static Config? Read(string folder, string? program)
    {
        if (program is not null && ReadSection(Path.Combine(folder, $"{program}.dll.config")) is { } section) return section;
        foreach (var name in (ReadOnlySpan<string>)["app.conf", "app.hocon"])
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path)) return ConfigurationFactory.ParseFile(path);
        }

        return null;
    }

    private static Config? ReadSection(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var text = XDocument.Parse(SourceText.OfFile(path, new ConfigOrigin(path, 0, 0)).TrimStart('\ufeff'))
                .Root?.Element("akka")?.Element("hocon")?.Value;
            return text is null ? null : ConfigurationFactory.ParseString(text, path);
        }
        catch (XmlException e)
        {
            throw new ConfigException(new ConfigOrigin(path, e.LineNumber, e.LinePosition), "the file is no XML", e);
        }
    }
}
