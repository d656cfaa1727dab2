namespace Picket.Spec.Kernel.Promises;

/// <summary>One step of one thread.</summary>
/// <param name="Deed">What.</param>
/// <param name="Actor">To which place.</param>
/// <param name="Watcher">Which watcher, where it takes one.</param>
internal sealed record Step(Deed Deed, int Actor, int Watcher)
{
    public override string ToString() => Deed is Deed.Watch or Deed.Unwatch or Deed.WatcherFails ? $"{Deed}({Watcher}, {Actor})" : $"{Deed}({Actor})";
}
