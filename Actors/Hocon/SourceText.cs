using System.Text;

namespace Picket.Hocon;

/// <summary>Reads the text of a file or resource: UTF-8 without faults, no longer than allowed.</summary>
internal static class SourceText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of the file at a full path.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="origin">Who asks for it: the place that is named where the file cannot be opened.</param>
    /// <exception cref="ConfigException">The file cannot be read, is too long, or is not UTF-8.</exception>
    public static string OfFile(string path, ConfigOrigin origin)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return Of(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigException(origin, $"cannot read {path}: {e.Message}", e);
        }
    }

    /// <summary>The text of a stream that errors call <paramref name="source"/>.</summary>
    /// <exception cref="ConfigException">The stream is too long or is not UTF-8.</exception>
    public static string Of(Stream stream, string source)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > ConfigLimits.FileBytes)
                throw new ConfigException(new ConfigOrigin(source, 0, 0), $"the file is longer than {ConfigLimits.FileBytes} bytes");
        }

        var all = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        try
        {
            return StrictUtf8.GetString(all);
        }
        catch (DecoderFallbackException e)
        {
            throw new ConfigException(PlaceOf(all, source), "the file is not valid UTF-8 here", e);
        }
    }

    private static ConfigOrigin PlaceOf(ReadOnlySpan<byte> bytes, string source)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var valid = 0;
        while (valid < text.Length && text[valid] != '\ufffd') valid++;

        // A replacement character may be written in the file: the fault is at the first one whose bytes are others.
        ReadOnlySpan<byte> written = [0xef, 0xbf, 0xbd];
        while (valid < text.Length && bytes[Encoding.UTF8.GetByteCount(text.AsSpan(0, valid))..].StartsWith(written))
        {
            valid++;
            while (valid < text.Length && text[valid] != '\ufffd') valid++;
        }

        return new LineMap(text, source).At(valid);
    }
}
