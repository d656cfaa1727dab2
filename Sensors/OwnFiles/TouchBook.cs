namespace Picket.Sensors.OwnFiles;

/// <summary>
/// Decides which changes are said one by one: each thing that a process does to a file once an interval, and of each area no more than
/// some. The rest is counted and said when the interval is over, so that a storm makes few alerts and no change is kept silent.
/// </summary>
/// <param name="interval">How long an area's interval is, from its first change on.</param>
/// <param name="most">Changes of one area that are said in it.</param>
public sealed class TouchBook(TimeSpan interval, int most)
{
    private readonly Dictionary<FileArea, Interval> _areas = [];

    /// <summary>Enters a change.</summary>
    /// <returns>Whether it is to be said now.</returns>
    public bool Add(FileTouch touch, DateTimeOffset now)
    {
        if (!_areas.TryGetValue(touch.Area, out var area)) _areas.Add(touch.Area, area = new Interval(now, touch));
        var said = area.Said.GetValueOrDefault((touch.Path, touch.Pid));
        if ((touch.Acts & ~said) != 0 && area.Count < most)
        {
            area.Said[(touch.Path, touch.Pid)] = said | touch.Acts;
            area.Count++;
            return true;
        }

        area.Unsaid++;
        area.Last = touch;
        return false;
    }

    /// <summary>Ends the intervals that are over, or all of them.</summary>
    /// <returns>What was counted in them.</returns>
    public IReadOnlyList<UnsaidTouches> Settle(DateTimeOffset now, bool all = false)
    {
        List<UnsaidTouches>? unsaid = null;
        foreach (var (name, area) in _areas)
        {
            if (!all && now - area.From < interval) continue;
            _areas.Remove(name);
            if (area.Unsaid > 0) (unsaid ??= []).Add(new UnsaidTouches(name, area.Unsaid, area.Last, area.From, now));
        }

        return unsaid ?? (IReadOnlyList<UnsaidTouches>)[];
    }

    private sealed class Interval(DateTimeOffset from, FileTouch last)
    {
        public DateTimeOffset From { get; } = from;

        public Dictionary<(string Path, int Pid), FileActs> Said { get; } = [];

        public int Count { get; set; }

        public long Unsaid { get; set; }

        public FileTouch Last { get; set; } = last;
    }
}
