using Picket.Actors;

namespace Picket.Sensors.Logs.Journal;

/// <summary>
/// Tells a program that hangs from a journal in which nothing is written: when it has printed nothing for a while, another one is asked
/// for the last entry. An entry that the first one does not print within a grace, and that was written after whatever it printed
/// last, is missed. Where a clock was set back, and while the reader itself has no batch left, nothing is concluded.
/// </summary>
internal sealed class JournalSilence(LogSensor sensor, JournalReading reading, IActorRef owner, IActorRef monitor)
{
    /// <summary>An answer takes a program's start and the opening of the journal's files.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private JournalQuestion? _question;
    private JournalAnswer? _missed;
    private DateTimeOffset _missedSince;
    private DateTimeOffset _asked;
    private DateTimeOffset _complete;
    private string _hungFor = "";
    private string _givenUp = "";
    private bool _unanswered;

    /// <summary>A look; whether this program hangs.</summary>
    public bool Look(JournalThread reader, DateTimeOffset now)
    {
        if (_question is { } question)
        {
            if (now - question.At < AnswerLimit || question.IsLate) return false;
            question.IsLate = true;
            question.End();
            Unanswered($"{reading.Command} does not come back");
            return false;
        }

        if (!reader.IsListening) return false;
        if (_missed is { } missed) return IsMissed(reader, missed, now);
        if (now - Later(reader.HeardAt, _asked) < reading.Silence) return false;
        _asked = now;
        _question = new JournalQuestion(reading, owner, now);
        _question.Start();
        return false;
    }

    /// <summary>What the question brought. Whether an entry is missed shows at the next looks.</summary>
    public void Take(JournalAnswer answer, JournalThread? reader)
    {
        if (answer.Question != _question) return;
        var asked = _question.At;
        _question = null;
        if (answer.Problem is { } problem)
        {
            Unanswered(problem);
            return;
        }

        _unanswered = false;
        if (reader is null || answer.Cursor == _givenUp) return;
        if (answer.Cursor is null || reader.HasGiven(answer)) _complete = asked;
        else (_missed, _missedSince) = (answer, sensor.Time.GetUtcNow());
    }

    /// <summary>The last moment at which no entry was missing.</summary>
    public DateTimeOffset CompleteAt(JournalThread reader) => Later(reader.HeardAt, _complete);

    /// <summary>Begins anew, with another program. A question that is under way goes on.</summary>
    public void Reset() => _missed = null;

    /// <summary>Ends the program that is asked.</summary>
    public void Stop() => _question?.End();

    private bool IsMissed(JournalThread reader, JournalAnswer missed, DateTimeOffset now)
    {
        if (reader.HasGiven(missed))
        {
            _missed = null;
            return false;
        }

        if (now - _missedSince < reading.Grace) return false;
        _missed = null;
        if (_hungFor != missed.Cursor)
        {
            _hungFor = missed.Cursor!;
            return true;
        }

        // To start it anew for the same entry again and again would help nobody.
        _givenUp = _hungFor;
        Unanswered("it does not print the last entry, also when it is started anew");
        return false;
    }

    private void Unanswered(string reason)
    {
        if (_unanswered) return;
        _unanswered = true;
        monitor.Tell(LogFinding.JournalUnanswered(reading.Command, reason), owner);
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
