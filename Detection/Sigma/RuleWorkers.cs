using System.Runtime.ExceptionServices;

namespace Picket.Detection.Sigma;

/// <summary>Does what is to be done with each of many rules, on a few threads: a host that is watched has other work.</summary>
internal static class RuleWorkers
{
    /// <summary>Does it with the numbers from 0 up; in no order, and several at once.</summary>
    /// <param name="threads">On how many threads at most; on the calling one when that is one.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="work">What is to be done; what it throws first is thrown.</param>
    public static void Each(int threads, int count, Action<int> work)
    {
        if (threads == 1 || count == 1)
        {
            for (var i = 0; i < count; i++) work(i);
            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
