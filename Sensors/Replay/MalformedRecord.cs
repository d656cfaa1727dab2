namespace Picket.Sensors.Replay;

/// <summary>A record of an input that could not be read, or a part of an input.</summary>
/// <param name="File">The input; of an entry of an archive <c>archive!entry</c>.</param>
/// <param name="Line">Its line, from 1; 0 when all of it is meant.</param>
/// <param name="Column">The byte in the line at which reading failed, from 1; 0 when all of the input is meant.</param>
/// <param name="Message">What was wrong.</param>
public sealed record MalformedRecord(string File, long Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
