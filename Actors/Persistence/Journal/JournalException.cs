namespace Picket.Actors.Persistence.Journal;

/// <summary>A journal or snapshot store could not do what it was asked.</summary>
public class JournalException : Exception
{
    /// <summary>A failure.</summary>
    public JournalException(string message) : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public JournalException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
