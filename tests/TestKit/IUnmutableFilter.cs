namespace Picket.Actors.TestKit;

/// <summary>Events that are muted until this is unmuted or disposed of.</summary>
public interface IUnmutableFilter : IDisposable
{
    /// <summary>Lets the events through again.</summary>
    void Unmute();
}
