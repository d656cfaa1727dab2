namespace Picket.Sensors.Replay;

/// <summary>A record of an input that could not be read.</summary>
/// <param name="File">The input.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">The byte in the line at which reading failed, from 1.</param>
/// <param name="Message">What was wrong.</param>
public sealed record MalformedRecord(string File, long Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
