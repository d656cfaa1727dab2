using System.Globalization;

namespace Picket.Spec.Durability;

/// <summary>What a folder holds, and what of it a power cut leaves, said as plainly as can be.</summary>
internal sealed class PlatterModel
{
    private static readonly string[] Names = ["a", "b", "c"];

    private Dictionary<string, Entry> _names = [];
    private Dictionary<string, Entry> _durable = [];

    /// <summary>Does one random thing and appends its words for the writer.</summary>
    public void Step(Random random, List<string> words)
    {
        var name = Names[random.Next(Names.Length)];
        var other = Names[random.Next(Names.Length)];
        var number = random.Next(2000);
        var known = _names.TryGetValue(name, out var entry);
        switch (random.Next(8))
        {
            case 0 or 1:
                var text = new string((char)('a' + random.Next(26)), random.Next(1, 1500));
                Made(name).Write(number, text);
                words.AddRange(["write", name, Text(number), text]);
                break;
            case 2:
                var tail = new string((char)('A' + random.Next(26)), random.Next(1, 700));
                Made(name).Write(Made(name).Live.Length, tail);
                words.AddRange(["append", name, tail]);
                break;
            case 3:
                Made(name).Live = Made(name).Live.PadRight(number, '\0')[..number];
                words.AddRange(["truncate", name, Text(number)]);
                break;
            case 4 when known:
                entry!.Durable = entry.Live;
                words.AddRange(["sync", name]);
                break;
            case 5 when known && name != other:
                _names.Remove(name);
                _names[other] = entry!;
                words.AddRange(["rename", name, other]);
                break;
            case 6 when known:
                _names.Remove(name);
                words.AddRange(["unlink", name]);
                break;
            case 7:
                _durable = new Dictionary<string, Entry>(_names);
                words.Add("names");
                break;
        }
    }

    public void CutPower()
    {
        _names = _durable.ToDictionary(pair => pair.Key, pair => new Entry { Live = pair.Value.Durable, Durable = pair.Value.Durable });
        _durable = new Dictionary<string, Entry>(_names);
    }

    public IEnumerable<(string Name, string Content)> Files() => _names.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Live));

    private Entry Made(string name) => _names.TryGetValue(name, out var entry) ? entry : _names[name] = new Entry();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Entry
    {
        public string Live { get; set; } = "";

        public string Durable { get; set; } = "";

        public void Write(int offset, string text)
        {
            var padded = Live.PadRight(offset, '\0');
            Live = padded[..offset] + text + (padded.Length > offset + text.Length ? padded[(offset + text.Length)..] : "");
        }
    }
}
