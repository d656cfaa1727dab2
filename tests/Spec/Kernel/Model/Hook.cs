namespace Picket.Spec.Kernel.Model;

/// <summary>Where an actor's code runs besides its handler.</summary>
internal enum Hook
{
    Constructor,
    PreStart,
    PreRestart,
    PostRestart,
    PostStop,
}
