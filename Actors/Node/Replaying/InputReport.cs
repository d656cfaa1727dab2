namespace Picket.Node.Replaying;

/// <summary>What became of one input file.</summary>
internal sealed class InputReport(string input)
{
    /// <summary>The file.</summary>
    public string Input { get; } = input;

    /// <summary>Records read.</summary>
    public long Events { get; set; }

    /// <summary>Parts of it that were no record.</summary>
    public long Malformed { get; set; }

    /// <summary>Alerts that its records gave.</summary>
    public long Alerts { get; set; }

    /// <summary>Bytes of the file that were read: packed ones as they are.</summary>
    public long Bytes { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Whether its end was reached.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Why it could not be read to its end; null when it could.</summary>
    public string? Problem { get; set; }
}
