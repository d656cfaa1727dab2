namespace Picket.Actors;

#nullable disable annotations // As in Akka.NET: what may be null here says so in words, so that code written for it compiles.

/// <summary>The outcome of something asked for.</summary>
public abstract class Status
{
    private Status() { }

    /// <summary>It went well.</summary>
    public sealed class Success(object status) : Status
    {
        /// <summary>Nothing came of it but that it went well.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>What came of it, or null.</summary>
        public object Status { get; } = status;

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It failed; an Ask that gets this throws the cause.</summary>
    public sealed class Failure(Exception cause, object state = null) : Status
    {
        /// <summary>Why, or null.</summary>
        public Exception Cause { get; } = cause;

        /// <summary>What the answerer wanted to add, or null.</summary>
        public object State { get; } = state;

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause}";
    }
}
