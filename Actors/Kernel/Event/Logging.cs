using Picket.Actors.Cells;

namespace Picket.Actors.Event;

/// <summary>Makes loggers.</summary>
public static class Logging
{
    /// <summary>A logger under the path of an actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context) =>
        new BusLogging(context.System, context.Self.Path.ToString(), ((ActorCell)context).ActorType ?? context.Props.Type);

    /// <summary>A logger under a name: a text itself, the path of a ref or of an actor's context, a type's name, or that of the
    /// object's type.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSource) => logSource switch
    {
        IActorContext context => context.GetLogger(),
        IActorRef actor => new BusLogging(system, actor.Path.ToString(), actor.GetType()),
        string name => new BusLogging(system, name, typeof(string)),
        Type type => new BusLogging(system, type.Name, type),
        _ => new BusLogging(system, logSource.GetType().Name, logSource.GetType()),
    };
}
