namespace Picket.Actors.Refs;

/// <summary>What few asks need, apart from those that only wait for their answer.</summary>
internal sealed class AskState
{
    public ITimer? Timer { get; set; }

    public TimeSpan Timeout { get; set; }

    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>The token that ended the ask.</summary>
    public CancellationToken Cancelled { get; set; }

    public Exception? Failure { get; set; }
}
