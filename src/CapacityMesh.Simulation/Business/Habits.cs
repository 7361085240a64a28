namespace CapacityMesh.Simulation.Business;

/// <summary>How people behave. Times are drawn evenly between the two.</summary>
/// <param name="AnswerLeast">Shortest time to answer an offer.</param>
/// <param name="AnswerMost">Longest.</param>
/// <param name="Ignores">Chance that an offer is not answered at all.</param>
/// <param name="Declines">Chance that an offer is declined.</param>
/// <param name="ContactMost">Longest time from acceptance to the first contact.</param>
/// <param name="WorkLeast">Shortest time from acceptance to the end of the stage.</param>
/// <param name="WorkMost">Longest.</param>
public sealed record Habits(TimeSpan AnswerLeast, TimeSpan AnswerMost, double Ignores, double Declines, TimeSpan ContactMost, TimeSpan WorkLeast, TimeSpan WorkMost)
{
    /// <summary>Diligent people: they answer within three minutes, call within forty, and finish in half a day to a day and a half.</summary>
    public static Habits Diligent { get; } = new(
        TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3), Ignores: 0.01, Declines: 0.01, TimeSpan.FromMinutes(40), TimeSpan.FromHours(12), TimeSpan.FromHours(36));
}
