namespace Picket.Detection.Events.Journal;

/// <summary>The folder holds something that must not be touched: a journal of another kind or of a newer version.</summary>
public sealed class JournalFormatException : IOException
{
    /// <summary>Names the file and what is wrong with it.</summary>
    public JournalFormatException(string message)
        : base(message)
    {
    }
}
