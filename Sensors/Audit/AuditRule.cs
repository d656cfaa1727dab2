using System.Globalization;

namespace Picket.Sensors.Audit;

/// <summary>
/// A rule of audit.rules(7), as far as its key can be told of kernel events without auditd: a watch on a path, or system calls with
/// conditions on their arguments and their success.
/// </summary>
public sealed class AuditRule
{
    private readonly List<string> _calls = [];
    private readonly List<(int Argument, ulong Value)> _arguments = [];

    private AuditRule()
    {
    }

    /// <summary>The key that records carry when the rule fits.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The watched path; null for a rule about system calls. One that ends in a slash is a folder with all below it.</summary>
    public string? Path { get; private set; }

    /// <summary>What is watched of the path: letters of <c>rwxa</c>.</summary>
    public string Permissions { get; private set; } = "rwxa";

    /// <summary>The names of the system calls.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Whether the call must have succeeded, or failed; null for either.</summary>
    public bool? Success { get; private set; }

    /// <summary>
    /// Reads a line as auditctl takes it: <c>-w PATH -p PERMISSIONS -k KEY</c>, or <c>-a always,exit -S CALL -F .. -k KEY</c>.
    /// </summary>
    /// <exception cref="FormatException">The line is none, or uses what kernel events cannot tell; the message says which.</exception>
    public static AuditRule Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var rule = new AuditRule();
        for (var i = 0; i < words.Length; i += 2)
        {
            if (i + 1 == words.Length) throw new FormatException($"{words[i]} lacks its value");
            rule.Take(words[i], words[i + 1]);
        }

        if (rule.Key.Length == 0) throw new FormatException("there is no key (-k)");
        if (rule.Path is null == (rule._calls.Count == 0))
            throw new FormatException("there must be either a path (-w) or system calls (-S)");
        return rule;
    }

    /// <summary>Whether a system call with these arguments and this result fits. Its name is the caller's to compare.</summary>
    public bool Fits(ReadOnlySpan<ulong> arguments, bool success) // hot
    {
        if (Success is { } wanted && wanted != success) return false;
        foreach (var (argument, value) in _arguments)
        {
            if (arguments[argument] != value) return false;
        }

        return true;
    }

    private void Take(string option, string value)
    {
        switch (option)
        {
            case "-a" or "-A" when value is "always,exit" or "exit,always":
                break;
            case "-w" when value.StartsWith('/'):
                Path = value;
                break;
            case "-p" when value.All(letter => "rwxa".Contains(letter, StringComparison.Ordinal)):
                Permissions = value;
                break;
            case "-S":
                _calls.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries));
                break;
            case "-k":
                Key = value;
                break;
            case "-F":
                Filter(value);
                break;
            default:
                throw new FormatException($"{option} {value} is not supported");
        }
    }

    private void Filter(string filter)
    {
        var parts = filter.Split('=', 2);
        if (parts.Length < 2 || parts[0].EndsWith('!') || parts[0].EndsWith('<') || parts[0].EndsWith('>'))
            throw new FormatException($"-F {filter} is not supported: only = is");
        switch (parts[0])
        {
            case "arch" when parts[1] is "b32" or "b64":
                break;
            case "key":
                Key = parts[1];
                break;
            case "success" when parts[1] is "0" or "1":
                Success = parts[1] == "1";
                break;
            case "path" or "dir" when parts[1].StartsWith('/'):
                Path = parts[0] == "dir" ? parts[1].TrimEnd('/') + "/" : parts[1];
                break;
            case "perm":
                Permissions = parts[1];
                break;
            case ['a', >= '0' and <= '3'] when TryNumber(parts[1], out var number):
                _arguments.Add((parts[0][1] - '0', number));
                break;
            default:
                throw new FormatException($"-F {filter} is not supported: only a0 to a3, success, path, dir, perm, arch and key are");
        }
    }

    private static bool TryNumber(string text, out ulong number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out number)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
