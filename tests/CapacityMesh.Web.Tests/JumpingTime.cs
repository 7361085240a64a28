namespace CapacityMesh.Web.Tests;

/// <summary>Time that goes on as usual, and can be set forward: timers that come due by that ring.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private readonly Lock turn = new();
    private readonly HashSet<Alarm> alarms = [];
    private TimeSpan ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        lock (turn) alarms.Add(alarm);
        return alarm;
    }

    public void Jump(TimeSpan by)
    {
        Alarm[] all;
        lock (turn)
        {
            ahead += by;
            all = [.. alarms];
        }
        foreach (var alarm in all) alarm.Jumped(by);
    }

    private sealed class Alarm : ITimer
    {
        private readonly JumpingTime owner;
        private readonly ITimer real;
        private DateTimeOffset? due;
        private readonly Lock gate = new();
        private TimeSpan period;

        public Alarm(JumpingTime owner, TimerCallback callback, object? state)
        {
            this.owner = owner;
            real = System.CreateTimer(s => { lock (gate) due = null; callback(s); }, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (gate)
            {
                due = dueTime == Timeout.InfiniteTimeSpan ? null : owner.GetUtcNow() + dueTime;
                period = newPeriod;
                return real.Change(dueTime, newPeriod);
            }
        }

        public void Jumped(TimeSpan by)
        {
            lock (gate)
            {
                if (due is not { } at) return;
                var left = at - owner.GetUtcNow();
                try
                {
                    real.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, period);
                }
                catch (ObjectDisposedException)
                {
                    // It ended meanwhile.
                }
            }
        }

        public void Dispose()
        {
            lock (owner.turn) owner.alarms.Remove(this);
            real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
