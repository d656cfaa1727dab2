namespace Picket.Detection.Alerts.Ecs;

/// <summary>Hashes as Sysmon writes them (<c>SHA256=..,MD5=..</c>) taken apart.</summary>
internal static class HashFields
{
    /// <summary>
    /// Writes <c>hash.*</c> and <c>pe.imphash</c> into the object that is open and adds file hashes to <paramref name="seen"/>.
    /// </summary>
    internal static void Write(EcsWriter writer, string hashes, List<string> seen, out string? importHash)
    {
        importHash = null;
        bool md5 = false, sha1 = false, sha256 = false;
        writer.Begin("hash");
        foreach (var part in hashes.Split([',', '|', ' ', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals <= 0) continue;
            var value = part[(equals + 1)..].ToLowerInvariant();
            if (!IsHex(value)) continue;
            switch (part[..equals].ToUpperInvariant())
            {
                case "MD5" when value.Length == 32 && !md5:
                    Add(writer, "md5", value, seen);
                    md5 = true;
                    break;
                case "SHA1" when value.Length == 40 && !sha1:
                    Add(writer, "sha1", value, seen);
                    sha1 = true;
                    break;
                case "SHA256" when value.Length == 64 && !sha256:
                    Add(writer, "sha256", value, seen);
                    sha256 = true;
                    break;
                case "IMPHASH" when value.Length == 32:
                    importHash = value;
                    break;
            }
        }

        writer.End();
    }

    private static void Add(EcsWriter writer, string name, string value, List<string> seen)
    {
        writer.Text(name, value);
        if (!seen.Contains(value)) seen.Add(value);
    }

    private static bool IsHex(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigit(letter)) return false;
        }

        return text.Length > 0;
    }
}
