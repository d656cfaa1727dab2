using System.Text.Json;

namespace Picket.Node.CommandLine;

/// <summary>What a command prints for machines.</summary>
internal static class JsonOutput
{
    /// <summary>Writes one indented value and the end of its line to standard output.</summary>
    public static void Write(Action<Utf8JsonWriter> write)
    {
        using var stream = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        write(writer);
        writer.Flush();
        stream.Write("\n"u8);
    }
}
