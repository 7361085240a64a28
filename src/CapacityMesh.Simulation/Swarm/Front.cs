using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Simulation.Faults;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>
/// Everybody outside, as they ask over a network: to any host, with a key under which they ask again until they are answered, sometimes twice at once.
/// </summary>
internal sealed class Front(Timeline time, MemoryJournal journal, IReadOnlyList<Activation> hosts, FaultSource faults, Witness witness)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Backoff = TimeSpan.FromSeconds(2);

    private readonly Timeline time = time;
    private readonly MemoryJournal journal = journal;
    private readonly IReadOnlyList<Activation> hosts = hosts;
    private readonly FaultSource faults = faults;
    private readonly Witness witness = witness;
    private long keys;

    /// <summary>Requests that were not answered yet and will be asked again.</summary>
    public int Waiting { get; private set; }

    /// <summary>Asks under a key, again and again until there is an answer.</summary>
    public void Ask(EntityId target, ICommand command, Action<Answer>? heard = null) => Ask(() => new MeshRequest(target, command), heard);

    /// <summary>Asks under a key; each attempt makes its request anew.</summary>
    public void Ask(Func<MeshRequest> make, Action<Answer>? heard = null)
    {
        var call = new Conversation(this, make, $"key-{++keys}", heard ?? (_ => { }));
        Waiting++;
        call.Send();
        if (faults.AsksTwice()) call.Send();
    }

    /// <summary>Asks once, without a key: what is lost stays lost.</summary>
    public void Tell(EntityId target, ICommand command)
    {
        var request = new MeshRequest(target, command);
        var host = hosts[faults.Which(hosts.Count)];
        time.After(faults.Way(), () => host.Submit(request, result =>
        {
            if (result is CallResult.Answered answered && !faults.LosesAnswer()) witness.Told(request, answered.Answer);
        }));
    }

    private sealed class Conversation(Front front, Func<MeshRequest> make, string key, Action<Answer> heard)
    {
        private int attempts;
        private bool done;

        public void Send()
        {
            if (done) return;
            var attempt = ++attempts;
            var request = make() with { IdempotencyKey = key, BodyHash = key };
            if (front.journal.RequestAsync(request.Target.Workspace, key, default).AsTask().GetAwaiter().GetResult() is { } stored)
            {
                if (stored.Reply is { } reply)
                {
                    front.witness.Moments.Note(Moment.RepeatAnsweredFromJournal);
                    Hear(request, EffectCodec.DecodeAnswer(reply));
                }
                else
                {
                    // Opened and not answered: the answer is on its way through the outbox.
                    Again(Backoff);
                }
                return;
            }
            var host = front.hosts[front.faults.Which(front.hosts.Count)];
            front.time.After(front.faults.Way(), () => host.Submit(request, result => Heed(request, result)));
            front.time.After(Patience, () =>
            {
                if (!done && attempt == attempts) Send();
            });
        }

        private void Heed(MeshRequest request, CallResult result)
        {
            switch (result)
            {
                case CallResult.Answered when front.faults.LosesAnswer(): break;
                case CallResult.Answered answered: front.time.After(front.faults.Way(), () => Hear(request, answered.Answer)); break;
                case CallResult.Unknown: Again(Backoff); break;
                default: Again(TimeSpan.FromMilliseconds(50)); break;
            }
        }

        private void Again(TimeSpan after)
        {
            if (!done) front.time.After(after, Send);
        }

        private void Hear(MeshRequest request, Answer answer)
        {
            front.witness.Told(request, answer);
            if (done) return;
            done = true;
            front.Waiting--;
            heard(answer);
        }
    }
}
