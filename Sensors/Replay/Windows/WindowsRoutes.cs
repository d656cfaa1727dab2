using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Windows;

/// <summary>
/// The routes of Windows records by channel, provider and event number, with the numbers that the names have now: when rules enter others,
/// it is made anew. Immutable, without a string or an allocation for a record.
/// </summary>
internal sealed class WindowsRoutes
{
    private const int Longest = 96;

    private static readonly (byte[] Name, int Channel)[][] Channels =
        ByLength(WindowsChannels.Table.Select((row, index) => (row.Channel, index)));

    private static readonly (byte[] Name, int Channel)[][] Providers = ByLength(WindowsChannels.Providers.Select(row =>
        (row.Provider, Array.FindIndex(WindowsChannels.Table, channel => channel.Channel == row.Channel))));

    private readonly EventRoute[] _ofChannel;
    private readonly byte[]?[] _categories;
    private readonly EventRoute _ofOther;
    private readonly byte _registryAdd = EventRouteTable.Find("registry_add");
    private readonly byte _registryDelete = EventRouteTable.Find("registry_delete");

    /// <summary>Looks the names up.</summary>
    public WindowsRoutes()
    {
        Names = EventRouteTable.Count;
        var table = WindowsChannels.Table;
        _ofChannel = new EventRoute[table.Length];
        _categories = new byte[table.Length][];
        var windows = EventRouteTable.Find("windows");
        _ofOther = new EventRoute(windows, EventRouteTable.NoRules, EventRouteTable.NoRules);
        for (var i = 0; i < table.Length; i++)
        {
            var (channel, service, alias) = table[i];
            var product = channel == WindowsChannels.SysmonForLinux ? EventRouteTable.Find("linux") : windows;
            _ofChannel[i] = new EventRoute(product, EventRouteTable.NoRules, EventRouteTable.Find(service), EventRouteTable.Find(alias));
            foreach (var (where, number, category) in WindowsCategories.Table)
            {
                if (where == channel) (_categories[i] ??= Empty())[number] = EventRouteTable.Find(category);
            }
        }
    }

    /// <summary>How many names there were.</summary>
    public int Names { get; }

    /// <summary>
    /// The route of a record that names its channel, or else its provider; a channel that is none of Sigma's is of no service.
    /// </summary>
    /// <param name="channel">The channel; empty for none.</param>
    /// <param name="provider">The provider; empty for none.</param>
    /// <param name="eventId">The digits of the event's number.</param>
    /// <param name="eventType">What Sysmon says was done to a registry key.</param>
    /// <param name="route">The route.</param>
    /// <returns>Whether the record is one of Windows.</returns>
    public bool TryFind( // hot
        ReadOnlySpan<byte> channel, ReadOnlySpan<byte> provider, ReadOnlySpan<byte> eventId, ReadOnlySpan<byte> eventType,
        out EventRoute route)
    {
        route = default;
        int found;
        if (channel.IsEmpty)
        {
            // Other systems have providers and sources, too.
            found = Find(Providers, provider);
            if (found < 0) return false;
        }
        else
        {
            found = Find(Channels, channel);
            if (found < 0)
            {
                // Others have channels, too; a number is what Windows' events have.
                route = TryNumber(eventId, out _) ? _ofOther : default;
                return route != default;
            }
        }

        route = _ofChannel[found];
        if (_categories[found] is not { } categories || !TryNumber(eventId, out var number)) return true;
        route = route with { Category = Category(categories, number, eventType) };
        return true;
    }

    private byte Category(byte[] categories, int number, ReadOnlySpan<byte> eventType) // hot
    {
        if (number == WindowsCategories.RegistryKey && categories[1] != 0)
        {
            if (eventType.SequenceEqual("CreateKey"u8)) return _registryAdd;
            if (eventType.StartsWith("Delete"u8)) return _registryDelete;
        }

        return number < categories.Length ? categories[number] : EventRouteTable.NoRules;
    }

    private static int Find((byte[] Name, int Channel)[][] names, ReadOnlySpan<byte> name) // hot
    {
        if (name.Length >= names.Length) return -1;
        foreach (var (known, channel) in names[name.Length])
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, known)) return channel;
        }

        return -1;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number) // hot
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > ushort.MaxValue) return false;
            number = (number * 10) + digit - '0';
        }

        return !digits.IsEmpty;
    }

    private static byte[] Empty()
    {
        var categories = new byte[WindowsCategories.Numbers];
        Array.Fill(categories, EventRouteTable.NoRules);
        return categories;
    }

    private static (byte[] Name, int Channel)[][] ByLength(IEnumerable<(string Name, int Channel)> rows)
    {
        var byLength = new (byte[] Name, int Channel)[Longest][];
        Array.Fill(byLength, []);
        foreach (var (name, channel) in rows) byLength[name.Length] = [.. byLength[name.Length], (WindowsChannels.Folded(name), channel)];
        return byLength;
    }
}
