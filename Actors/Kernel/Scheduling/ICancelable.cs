namespace Picket.Actors;

/// <summary>Something that can be called off.</summary>
public interface ICancelable
{
    /// <summary>True once it has been.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>For code that takes tokens.</summary>
    CancellationToken Token { get; }

    /// <summary>Calls it off.</summary>
    void Cancel();

    /// <summary>Calls it off after a while.</summary>
    void CancelAfter(TimeSpan delay);

    /// <summary>Calls it off after so many milliseconds.</summary>
    void CancelAfter(int millisecondsDelay);

    /// <summary>Calls it off; whether the first callback that throws ends the others.</summary>
    void Cancel(bool throwOnFirstException);
}
