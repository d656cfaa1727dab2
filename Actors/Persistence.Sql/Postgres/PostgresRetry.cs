namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>Tries what may pass again, with growing pauses, within the options' time limit.</summary>
internal sealed class PostgresRetry(PostgresOptions options, string place)
{
    /// <param name="what">What is tried, as in "the server did not ...".</param>
    /// <param name="attempt">One attempt. It must be safe to make again after one whose end is not known.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="Journal.JournalException">A failure that does not pass, or the time is over.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        for (var pause = options.MinBackOff; ; pause = pause * 2 > options.MaxBackOff ? options.MaxBackOff : pause * 2)
        {
            try
            {
                return await attempt(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (!PostgresErrors.MayPass(failure)) throw PostgresErrors.Translate(failure, place);
                var tried = options.Time.GetElapsedTime(started);
                if (tried + pause > options.RetryFor) throw PostgresErrors.GivenUp(failure, what, tried, place);
            }

            await Task.Delay(pause, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
