using Picket.Detection.Context.Hashing;

namespace Picket.Node.Options;

/// <summary>Reads <c>context.hashes</c>.</summary>
internal static class HashOptionsReader
{
    private const long GiB = 1L << 30;

    /// <summary>The options; null when executables are not hashed.</summary>
    public static HashOptions? Read(OptionsSection section)
    {
        var algorithms = HashAlgorithms.None;
        foreach (var name in section.Texts("algorithms"))
        {
            algorithms |= name switch
            {
                "md5" => HashAlgorithms.Md5,
                "sha1" => HashAlgorithms.Sha1,
                "sha256" => HashAlgorithms.Sha256,
                _ => throw section.Wrong("algorithms", $"has '{name}', which is none of md5, sha1, sha256"),
            };
        }

        var options = new HashOptions
        {
            Algorithms = algorithms,
            MaxFileBytes = section.Size("max-size", 4096, 16 * GiB),
            BytesPerSecond = section.Size("max-rate", 64 * 1024, 16 * GiB),
            CacheEntries = section.Number("cache-size", 1, 1_000_000),
            MaxQueue = section.Number("max-waiting", 1, 100_000),
            Remote = section.Switch("remote"),
        };
        if (!section.Switch("enabled")) return null;
        return algorithms != HashAlgorithms.None ? options : throw section.Wrong("algorithms", "must name at least one");
    }
}
