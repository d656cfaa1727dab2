using System.IO.Enumeration;
using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>The actors at a path at the time of each Tell. Names may hold * and ?; ".." is the parent, "**" at the end all below.</summary>
public sealed class ActorSelection : ICanTell, IEquatable<ActorSelection>
{
    private const string AllBelow = "**";

    private readonly InternalActorRef _anchor;
    private readonly IReadOnlyList<string> _elements;

    internal ActorSelection(ActorSystem system, InternalActorRef anchor, IReadOnlyList<string> elements)
    {
        for (var i = 0; i < elements.Count - 1; i++)
            if (elements[i] == AllBelow) throw new ArgumentException($"[{AllBelow}] can only end a path");

        System = system;
        _anchor = anchor;
        _elements = elements;
    }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor => _anchor;

    /// <summary>The path from the anchor.</summary>
    public string PathString => "/" + string.Join('/', _elements);

    internal ActorSystem System { get; }

    private bool IsPattern => _elements.Any(HasWildcard);

    /// <summary>Tells all that the path names now; dead letters when it names nobody. In an actor, no sender means that actor.</summary>
    /// <exception cref="ArgumentException">A lease to a pattern: a lease has one receiver.</exception>
    public void Tell(object message, IActorRef? sender = null)
    {
        if (message is null) throw new InvalidMessageException("a message cannot be null");
        if (message is ILease && IsPattern)
            throw new ArgumentException("a lease has one receiver and cannot go to a pattern", nameof(message));
        Deliver(_anchor, 0, message, sender ?? ImplicitSender.Current, alone: true);
    }

    /// <summary>The one actor at the path.</summary>
    /// <exception cref="ActorNotFoundException">There is none, or it did not answer in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The one actor at the path.</summary>
    /// <exception cref="ActorNotFoundException">There is none, it did not answer in time, or the token came first.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("no such actor");
        }
        catch (Exception e)
        {
            throw new ActorNotFoundException($"{this} could not be resolved: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool Equals(ActorSelection? other) => other is not null && _anchor.Equals(other._anchor) && PathString == other.PathString;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_anchor, PathString);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({_anchor.Path}), Path({PathString})]";

    private static bool HasWildcard(string element) => element.AsSpan().ContainsAny('*', '?');

    private void Deliver(InternalActorRef at, int index, object message, IActorRef? sender, bool alone)
    {
        for (; index < _elements.Count; index++)
        {
            var element = _elements[index];
            if (element == "..")
            {
                at = at.Parent;
                continue;
            }

            if (HasWildcard(element))
            {
                var found = false;
                foreach (var child in at.GetChildren())
                {
                    if (element == AllBelow) Deliver(child, index, message, sender, alone: false);
                    if (!FileSystemName.MatchesSimpleExpression(element, child.Path.Name, ignoreCase: false)) continue;
                    found = true;
                    Deliver(child, index + 1, message, sender, alone: false);
                }

                if (!found && alone) Miss(at, index, message, sender);
                return;
            }

            var next = at.GetChild(element);
            if (next is null)
            {
                if (alone) Miss(at, index, message, sender);
                return;
            }

            at = next;
        }

        at.Tell(message, sender);
    }

    private void Miss(InternalActorRef at, int index, object message, IActorRef? sender)
    {
        var path = at.Path;
        for (; index < _elements.Count; index++) path /= _elements[index];
        new EmptyLocalActorRef(System, path).Tell(message, sender);
    }
}
