namespace Picket.Fuzz;

/// <summary>The parts of an input. A line between them, and no length before them, so that a mutation of one leaves the others whole.</summary>
internal static class Steps
{
    /// <summary>Stands between the parts.</summary>
    public static ReadOnlySpan<byte> Separator => "\n%%\n"u8;

    /// <summary>The parts of an input, at least one.</summary>
    public static List<byte[]> Of(byte[] input)
    {
        var steps = new List<byte[]>();
        var rest = (ReadOnlySpan<byte>)input;
        for (int end; (end = rest.IndexOf(Separator)) >= 0; rest = rest[(end + Separator.Length)..]) steps.Add(rest[..end].ToArray());
        steps.Add(rest.ToArray());
        return steps;
    }

    /// <summary>An input of parts.</summary>
    public static byte[] Joined(params IEnumerable<byte[]> steps)
    {
        var input = new List<byte>();
        foreach (var step in steps)
        {
            if (input.Count > 0) input.AddRange(Separator);
            input.AddRange(step);
        }

        return [.. input];
    }
}
