namespace PhotoMl.Training;

/// <summary>The learning rate of every step of a run, as a function of the step alone.</summary>
/// <remarks>Cosine: I. Loshchilov, F. Hutter, "SGDR", ICLR 2017, eq. 5, without restarts. One cycle: L. Smith, N. Topin,
/// "Super-convergence", 2018, with the cosine shape and the divisors of fastai and PyTorch.</remarks>
internal sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, long TotalSteps, long WarmupSteps = 0)
{
    private const double RisingShare = 0.3;
    private const double StartDivisor = 25;
    private const double EndDivisor = 1e4;

    public double At(long step)
    {
        if (step < WarmupSteps)
        {
            return Peak * (step + 1) / WarmupSteps;
        }

        var progress = (double)(step - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps - 1);
        return Kind switch
        {
            ScheduleKind.Constant => Peak,
            ScheduleKind.Cosine => Between(Peak, 0, progress),
            ScheduleKind.OneCycle when progress < RisingShare => Between(Peak / StartDivisor, Peak, progress / RisingShare),
            ScheduleKind.OneCycle => Between(Peak, Peak / StartDivisor / EndDivisor, (progress - RisingShare) / (1 - RisingShare)),
            _ => throw new InvalidOperationException($"There is no schedule {Kind}."),
        };
    }

    // Half a cosine from one rate to another.
    private static double Between(double from, double to, double share) =>
        to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);
}
