using System.Globalization;
using System.Text;

namespace Picket.Node.Bench.Sigma;

/// <summary>
/// Made-up events of the shape that Sysmon's records have as flat JSON, about a kilobyte each. With a seed the same events come again.
/// </summary>
internal sealed class SysmonEvents
{
    private const int Programs = 160;
    private const int LinesPerProgram = 24;

    private static readonly string[] Folders =
    [
        @"C:\Windows\System32", @"C:\Windows\SysWOW64", @"C:\Program Files\Common Files\Vendor\Tools", @"C:\Program Files (x86)\Editor\bin",
        @"C:\Users\alice\AppData\Local\Programs\Studio", @"C:\ProgramData\Agent\current",
        @"C:\Windows\Microsoft.NET\Framework64\v4.0.30319",
    ];

    private static readonly string[] Words =
    [
        "update", "service", "host", "install", "config", "report", "network", "session", "worker", "render", "backup", "policy", "index",
        "cache", "printer", "driver", "media", "library", "console", "module", "profile", "storage", "monitor", "runtime", "package",
    ];

    private readonly Random _random;
    private readonly bool _repeats;
    private readonly string[] _images = new string[Programs];
    private readonly string[][] _lines = new string[Programs][];
    private readonly string[] _hashes = new string[Programs];
    private long _number = 400_000;

    /// <param name="seed">Of the random numbers.</param>
    /// <param name="repeats">Whether values come again, as they do in life, or hardly ever.</param>
    public SysmonEvents(int seed, bool repeats)
    {
        _random = new Random(seed);
        _repeats = repeats;
        for (var i = 0; i < Programs; i++)
        {
            _images[i] = NewImage();
            _hashes[i] = NewHashes();
            _lines[i] = new string[LinesPerProgram];
            for (var j = 0; j < LinesPerProgram; j++) _lines[i][j] = NewLine(_images[i]);
        }
    }

    /// <summary>The next event, a line with its end.</summary>
    public string Next()
    {
        var text = new StringBuilder(1200);
        var kind = _random.Next(100);
        var program = Some(Programs);
        var image = _repeats ? _images[program] : NewImage();
        text.Append("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\"");
        Field(text, "Provider_Name", "Microsoft-Windows-Sysmon");
        Field(text, "Computer", "WS-" + (_repeats ? 17 : _random.Next(100_000)).ToString(CultureInfo.InvariantCulture) + ".corp.example");
        text.Append(CultureInfo.InvariantCulture, $",\"EventRecordID\":{_number++},\"Version\":5,\"Level\":4,\"Opcode\":0");
        var time = DateTime.UnixEpoch.AddDays(20_000).AddMilliseconds(_number * 7);
        Field(text, "UtcTime", time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        Field(text, "RuleName", "-");
        Field(text, "ProcessGuid", NewGuid());
        text.Append(CultureInfo.InvariantCulture, $",\"ProcessId\":{_random.Next(500, 30_000)}");
        Field(text, "Image", image);
        Field(text, "User", _repeats ? (program % 3 == 0 ? @"NT AUTHORITY\SYSTEM" : @"CORP\alice") : @"CORP\" + NewWord());
        if (kind < 50) ProcessCreation(text, program, image);
        else if (kind < 65) Network(text, program);
        else if (kind < 80) FileEvent(text, program);
        else if (kind < 92) Registry(text, program);
        else ImageLoad(text);
        text.Append("}\n");
        return text.ToString();
    }

    private void ProcessCreation(StringBuilder text, int program, string image)
    {
        var parent = Some(Programs);
        var parentImage = _repeats ? _images[parent] : NewImage();
        text.Append(",\"EventID\":1");
        Field(text, "FileVersion", "10.0.22621.1 (WinBuild.160101.0800)");
        Field(text, "Description", _repeats ? Words[program % Words.Length] + " tool" : NewWord() + " tool");
        Field(text, "Product", "Vendor Operating Environment");
        Field(text, "Company", "Vendor Corporation");
        Field(text, "OriginalFileName", _repeats ? image[(image.LastIndexOf('\\') + 1)..] : NewWord() + ".exe");
        Field(text, "CommandLine", _repeats && _random.Next(10) < 8 ? _lines[program][Some(LinesPerProgram)] : NewLine(image));
        Field(text, "CurrentDirectory", _repeats ? Folders[program % Folders.Length] + @"\" : NewFolder() + @"\");
        Field(text, "LogonGuid", NewGuid());
        Field(text, "LogonId", "0x" + (_repeats ? 999 : _random.Next()).ToString("x", CultureInfo.InvariantCulture));
        text.Append(",\"TerminalSessionId\":1");
        Field(text, "IntegrityLevel", program % 4 == 0 ? "System" : "Medium");
        Field(text, "Hashes", _repeats ? _hashes[program] : NewHashes());
        Field(text, "ParentProcessGuid", NewGuid());
        text.Append(CultureInfo.InvariantCulture, $",\"ParentProcessId\":{_random.Next(500, 30_000)}");
        Field(text, "ParentImage", parentImage);
        Field(text, "ParentCommandLine", _repeats ? _lines[parent][Some(LinesPerProgram)] : NewLine(parentImage));
        Field(text, "ParentUser", _repeats ? @"CORP\alice" : @"CORP\" + NewWord());
    }

    private void Network(StringBuilder text, int program)
    {
        text.Append(",\"EventID\":3");
        Field(text, "Protocol", "tcp");
        Field(text, "Initiated", "true");
        Field(text, "SourceIsIpv6", "false");
        Field(text, "SourceIp", "10.20.30." + (_repeats ? 40 : _random.Next(255)).ToString(CultureInfo.InvariantCulture));
        text.Append(CultureInfo.InvariantCulture, $",\"SourcePort\":{_random.Next(49_152, 65_535)}");
        Field(text, "SourceHostname", "ws-17.corp.example");
        Field(text, "DestinationIsIpv6", "false");
        Field(text, "DestinationIp", _repeats
            ? string.Create(CultureInfo.InvariantCulture, $"198.51.100.{program}")
            : string.Create(CultureInfo.InvariantCulture, $"198.{_random.Next(255)}.{_random.Next(255)}.{_random.Next(255)}"));
        text.Append(",\"DestinationPort\":443");
        Field(text, "DestinationHostname", (_repeats ? Words[program % Words.Length] : NewWord()) + ".cdn.example");
        Field(text, "DestinationPortName", "https");
        Padding(text, 350);
    }

    private void FileEvent(StringBuilder text, int program)
    {
        text.Append(",\"EventID\":11");
        Field(text, "TargetFilename", _repeats && _random.Next(10) < 6
            ? Folders[program % Folders.Length] + @"\" + Words[Some(Words.Length)] + ".log"
            : NewFolder() + @"\" + NewWord() + NewWord() + ".tmp");
        Field(text, "CreationUtcTime", "2026-11-20 10:00:00.000");
        Padding(text, 450);
    }

    private void Registry(StringBuilder text, int program)
    {
        text.Append(",\"EventID\":13");
        Field(text, "EventType", "SetValue");
        Field(text, "TargetObject", @"HKLM\SOFTWARE\Vendor\" + (_repeats ? Words[program % Words.Length] + @"\" + Words[Some(Words.Length)]
            : NewWord() + @"\" + NewWord() + @"\" + NewWord()));
        var value = _repeats ? 1 : _random.Next();
        Field(text, "Details", string.Create(CultureInfo.InvariantCulture, $"DWORD (0x{value:x8})"));
        Padding(text, 450);
    }

    private void ImageLoad(StringBuilder text)
    {
        var other = Some(Programs);
        text.Append(",\"EventID\":7");
        Field(text, "ImageLoaded", _repeats
            ? Folders[other % Folders.Length] + @"\" + Words[Some(Words.Length)] + ".dll"
            : NewFolder() + @"\" + NewWord() + ".dll");
        Field(text, "Hashes", _repeats ? _hashes[other] : NewHashes());
        Field(text, "Signed", "true");
        Field(text, "Signature", "Vendor Corporation");
        Field(text, "SignatureStatus", "Valid");
        Padding(text, 250);
    }

    /// <summary>What real records have besides and no rule asks for.</summary>
    private void Padding(StringBuilder text, int length)
    {
        Field(text, "Task", new string('x', length / 2));
        Field(text, "Keywords", NewGuid() + new string('0', length / 2));
    }

    private static void Field(StringBuilder text, string name, string value)
    {
        text.Append(",\"").Append(name).Append("\":\"");
        foreach (var character in value)
        {
            if (character is '"' or '\\') text.Append('\\');
            text.Append(character);
        }

        text.Append('"');
    }

    /// <summary>Some are met often, most seldom.</summary>
    private int Some(int count) => (int)(count * Math.Pow(_random.NextDouble(), 3));

    private string NewWord() => Words[_random.Next(Words.Length)] + _random.Next(1_000_000).ToString("x", CultureInfo.InvariantCulture);

    private string NewFolder() => Folders[_random.Next(Folders.Length)] + @"\" + NewWord();

    private string NewImage() => (_random.Next(2) == 0 ? Folders[_random.Next(Folders.Length)] : NewFolder()) + @"\" + NewWord() + ".exe";

    private string NewLine(string image) => string.Create(CultureInfo.InvariantCulture,
        $"\"{image}\" --{Words[_random.Next(Words.Length)]}={NewWord()} "
        + $"--type {Words[_random.Next(Words.Length)]} /d {NewFolder()} --id {NewGuid()}");

    private string NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString("B");
    }

    private string NewHashes()
    {
        Span<byte> bytes = stackalloc byte[84];
        _random.NextBytes(bytes);
        return $"SHA1={Convert.ToHexString(bytes[..20])},MD5={Convert.ToHexString(bytes[20..36])},"
            + $"SHA256={Convert.ToHexString(bytes[36..68])},IMPHASH={Convert.ToHexString(bytes[68..])}";
    }
}
