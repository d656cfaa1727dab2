using System.Runtime.ExceptionServices;

namespace Picket.Detection.Sigma;

/// <summary>Does what is to be done with each of many rules, on a few threads: a host that is watched has other work.</summary>
internal static class RuleWorkers
{
    private static readonly ParallelOptions Few = new() { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) };

    /// <summary>Does it with the numbers from 0 up; in no order, and several at once.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="work">What is to be done; what it throws first is thrown.</param>
    public static void Each(int count, Action<int> work)
    {
        if (count == 1)
        {
            work(0);
            return;
        }

        try
        {
            Parallel.For(0, count, Few, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
