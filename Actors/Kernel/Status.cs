namespace Picket.Actors;

/// <summary>The outcome of something asked for.</summary>
public abstract class Status
{
    private Status()
    {
    }

    /// <summary>It went well.</summary>
    public sealed class Success(object? status) : Status
    {
        /// <summary>What came of it.</summary>
        public object? Status { get; } = status;

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It failed; an Ask that gets this throws the cause.</summary>
    public sealed class Failure(Exception? cause, object? state = null) : Status
    {
        /// <summary>Why.</summary>
        public Exception? Cause { get; } = cause;

        /// <summary>What the answerer wanted to add.</summary>
        public object? State { get; } = state;

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause}";
    }
}
