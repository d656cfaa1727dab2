using System.Globalization;
using System.Text;

namespace Picket.Node.Bench.Sigma;

/// <summary>
/// Made-up process creations of a Linux host as flat JSON, about half a kilobyte each. With a seed the same events come again.
/// </summary>
internal sealed class LinuxEvents
{
    private const int Programs = 120;
    private const int LinesPerProgram = 20;

    private static readonly string[] Folders =
        ["/usr/bin", "/usr/sbin", "/usr/lib/systemd", "/usr/local/bin", "/opt/agent/bin", "/usr/libexec"];

    private static readonly string[] Words =
    [
        "update", "service", "host", "install", "config", "report", "network", "session", "worker", "render", "backup", "policy", "index",
        "cache", "mail", "driver", "media", "library", "status", "module", "profile", "storage", "monitor", "runtime", "package",
    ];

    private readonly Random _random;
    private readonly bool _repeats;
    private readonly string[] _images = new string[Programs];
    private readonly string[][] _lines = new string[Programs][];
    private long _number = 900_000;

    /// <param name="seed">Of the random numbers.</param>
    /// <param name="repeats">Whether values come again, as they do in life, or hardly ever.</param>
    public LinuxEvents(int seed, bool repeats)
    {
        _random = new Random(seed);
        _repeats = repeats;
        for (var i = 0; i < Programs; i++)
        {
            _images[i] = NewImage();
            _lines[i] = [.. Enumerable.Range(0, LinesPerProgram).Select(_ => NewLine(_images[i]))];
        }
    }

    /// <summary>The next event, a line with its end.</summary>
    public string Next()
    {
        var (program, parent) = (Some(Programs), Some(Programs));
        var image = _repeats ? _images[program] : NewImage();
        var parentImage = _repeats ? _images[parent] : NewImage();
        var line = _repeats && _random.Next(10) < 8 ? _lines[program][Some(LinesPerProgram)] : NewLine(image);
        var parentLine = _repeats ? _lines[parent][Some(LinesPerProgram)] : NewLine(parentImage);
        var time = DateTime.UnixEpoch.AddDays(20_000).AddMilliseconds(_number++ * 7);
        var text = new StringBuilder(640).Append("{\"logsource.product\":\"linux\",\"logsource.category\":\"process_creation\"");
        Field(text, "@timestamp", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Field(text, "host.name", string.Create(CultureInfo.InvariantCulture, $"srv-{(_repeats ? 4 : _random.Next(10_000))}"));
        Number(text, "ProcessId", _random.Next(300, 4_000_000));
        Field(text, "Image", image);
        Field(text, "CommandLine", line);
        Field(text, "CurrentDirectory", "/srv/" + (_repeats ? Words[program % Words.Length] : NewWord()));
        Field(text, "User", _repeats ? (program % 3 == 0 ? "root" : "www-data") : NewWord());
        Number(text, "LogonId", _random.Next(100));
        Number(text, "ParentProcessId", _random.Next(300, 4_000_000));
        Field(text, "ParentImage", parentImage);
        Field(text, "ParentCommandLine", parentLine);
        return text.Append("}\n").ToString();
    }

    private static void Field(StringBuilder text, string name, string value) =>
        text.Append(",\"").Append(name).Append("\":\"").Append(value).Append('"');

    private static void Number(StringBuilder text, string name, int value) =>
        text.Append(CultureInfo.InvariantCulture, $",\"{name}\":{value}");

    /// <summary>Some are met often, most seldom.</summary>
    private int Some(int count) => (int)(count * Math.Pow(_random.NextDouble(), 3));

    private string NewWord() => Words[_random.Next(Words.Length)] + _random.Next(1_000_000).ToString("x", CultureInfo.InvariantCulture);

    private string NewImage() => Folders[_random.Next(Folders.Length)] + "/" + NewWord();

    private string NewLine(string image) => string.Create(CultureInfo.InvariantCulture,
        $"{image} --{Words[_random.Next(Words.Length)]}={NewWord()} -t {Words[_random.Next(Words.Length)]} "
        + $"/var/lib/{NewWord()}/{NewWord()}.db");
}
