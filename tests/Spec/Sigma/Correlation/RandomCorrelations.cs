namespace Picket.Spec.Sigma.Correlation;

/// <summary>Random correlation rules over a, b and c, and random streams for them.</summary>
internal sealed class RandomCorrelations(int seed)
{
    private static readonly string[] Types = ["event_count", "value_count", "temporal", "temporal_ordered", "value_sum", "value_avg", "value_percentile"];
    private static readonly string[] Operators = ["gt", "gte", "lt", "lte", "eq", "neq"];

    private static readonly string[] OfTwo = ["{0} and {1}", "{0} or {1}", "{0} and not {1}", "not {0} and {1}", "1 of them"];
    private static readonly string[] OfThree =
    [
        "{0} and {1} or {2}", "{0} and ({1} or {2})", "({0} or {1}) and not {2}", "{0} and not ({1} or {2})", "{0} and not ({1} and {2})",
        "{0} and not {1} or {2}", "not {0} and not {1} and {2}", "2 of them", "{0} and {1} and {2}", "{0} or {1} or {2}",
    ];

    /// <summary>Timespans, latenesses and their sums, in seconds.</summary>
    private static readonly int[] Steps = [-20, -13, -10, -8, -5, -3, 0, 3, 5, 5, 8, 10, 10, 20];

    private readonly Random _random = new(seed);

    /// <summary>One to three correlations, the later ones sometimes over the earlier.</summary>
    public string[] Documents()
    {
        var documents = new string[_random.Next(1, 4)];
        for (var i = 0; i < documents.Length; i++) documents[i] = Document(i);
        return documents;
    }

    public TimeSpan Lateness() => TimeSpan.FromSeconds(_random.Next(4) switch { 0 => 0, 1 => 3, 2 => 10, _ => 1000 });

    /// <summary>
    /// A stream: mostly forward, some late by up to three windows, some twice, some at one time, and some a timespan from another or next
    /// to that.
    /// </summary>
    public List<StreamEvent> Stream(int length)
    {
        var events = new List<StreamEvent>(length);
        var now = 1_000_000L * CorrelationRun.Second;
        while (events.Count < length)
        {
            if (events.Count > 0 && _random.Next(12) == 0)
            {
                events.Add(events[_random.Next(Math.Max(0, events.Count - 20), events.Count)]);
                continue;
            }

            now += _random.Next(4) * _random.Next(3) * CorrelationRun.Second / 2;
            if (_random.Next(40) == 0) now += 25 * CorrelationRun.Second;
            var time = _random.Next(4) == 0 ? now - _random.Next(30) * CorrelationRun.Second : now;
            if (events.Count > 0 && _random.Next(8) == 0)
                time = events[_random.Next(Math.Max(0, events.Count - 10), events.Count)].Time + Steps[_random.Next(Steps.Length)] * CorrelationRun.Second + _random.Next(-2, 3);
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            if (_random.Next(15) > 0) fields["G"] = _random.Next(3) == 0 ? "y" : "x";
            if (_random.Next(10) > 0) fields["H"] = "h";
            if (_random.Next(12) > 0) fields["V"] = (_random.Next(-8, 40) / 4m).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (_random.Next(12) > 0) fields["W"] = _random.Next(30) == 0 ? "no number" : _random.Next(6).ToString(System.Globalization.CultureInfo.InvariantCulture);
            events.Add(new StreamEvent("abc"[_random.Next(3)].ToString(), time, events.Count + 1, fields));
        }

        return events;
    }

    private string Document(int number)
    {
        var type = Pick(Types);
        var pool = new List<string> { "a", "b", "c" };
        for (var i = 0; i < number; i++) pool.Add($"n{i}");
        var rules = pool.OrderBy(_ => _random.Next()).Take(type is "temporal" or "temporal_ordered" ? _random.Next(2, 4) : _random.Next(1, 3)).ToList();
        var text = $"type: {type}\nrules: [{string.Join(", ", rules)}]\ntimespan: {Pick(["5s", "10s", "20s"])}";
        text += Pick(["\ngroup-by: [G]", "\ngroup-by: [G, H]", "", $"\ngroup-by: [k]\naliases: {{k: {{{rules[0]}: G}}}}"]);
        text += type switch
        {
            "event_count" => $"\ncondition: {{{Count(2, 6)}}}",
            "value_count" => $"\ncondition: {{field: {Pick(["V", "W", "[V, W]"])}, {Count(2, 5)}}}",
            "temporal" => _random.Next(3) switch
            {
                0 => "",
                1 => $"\ncondition: {{gte: {_random.Next(1, rules.Count + 1)}}}",
                _ => "\ncondition: " + string.Format(System.Globalization.CultureInfo.InvariantCulture, Pick(rules.Count == 2 ? OfTwo : OfThree), [.. rules]),
            },
            "temporal_ordered" => "",
            "value_percentile" => $"\ncondition: {{field: V, percentile: {Pick(["0", "10", "50", "66", "99.5", "100"])}, {Number()}}}",
            _ => $"\ncondition: {{field: {Pick(["V", "W"])}, {Number()}}}",
        };
        if (_random.Next(3) == 0) text += "\ngenerate: true";
        return CorrelationText.Document(text, $"name: n{number}").Replace("title: t\n", $"title: n{number}\n", StringComparison.Ordinal);
    }

    private string Count(int least, int most) => _random.Next(4) switch
    {
        0 => $"{Pick(Operators)}: {_random.Next(least, most)}",
        1 => $"gte: {_random.Next(least, most)}, lte: {_random.Next(most, 2 * most)}",
        _ => $"gte: {_random.Next(least, most)}",
    };

    private string Number() => FormattableString.Invariant($"{Pick(Operators)}: {_random.Next(-4, 60) / 4m}");

    private string Pick(string[] of) => of[_random.Next(of.Length)];

    internal sealed record StreamEvent(string Rule, long Time, int Number, Dictionary<string, string> Fields);
}
