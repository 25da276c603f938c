using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>One step of a generative run: moves the discriminator, and in its turn the generator.</summary>
internal sealed class GanStepper(
    DcganGenerator generator, DcganDiscriminator discriminator, RunWeights weights, GanBatches batches, GanTrainingOptions options)
{
    /// <summary>Makes the step; its figures count where its losses are finite, which is returned.</summary>
    public bool Run(RunState<GanEpochReport> state)
    {
        using var scope = NewDisposeScope();
        StepObserver.Begin("batch");
        var (epoch, step) = (state.Epoch, state.Step);
        var batch = batches.Get(epoch, step);
        var stepOfRun = ((epoch - 1L) * batches.PerEpoch) + step + 1; // an epoch may be too short for a turn
        var isGeneratorsTurn = stepOfRun % options.DiscriminatorSteps == 0;
        var dropoutSeed = batches.Random(RandomStream.Dropout, epoch, step).NextSeed(); // one for all uses of a step
        Tensor generated;
        StepObserver.Begin("forward, between layers");
        using (enable_grad(isGeneratorsTurn))
        {
            generated = generator.Generate(batch.Latents, batch.Labels);
        }

        var (loss, realScore, generatedScore) = MoveDiscriminator(batch, generated.detach(), dropoutSeed, state);
        double? generatorLoss = isGeneratorsTurn ? MoveGenerator(batch, generated, dropoutSeed, state.RateFactor) : null;
        if (!double.IsFinite(loss) || !double.IsFinite(generatorLoss ?? 0))
        {
            return false;
        }

        state.Seen += batch.Images.shape[0];
        state.Add(nameof(GanEpochReport.DiscriminatorLoss), loss, 1);
        state.Add(nameof(GanEpochReport.RealScore), realScore, 1);
        state.Add(nameof(GanEpochReport.GeneratedScore), generatedScore, 1);
        if (generatorLoss is not null)
        {
            state.Add(nameof(GanEpochReport.GeneratorLoss), generatorLoss.Value, 1);
        }

        return true;
    }

    private (double Loss, double RealScore, double GeneratedScore) MoveDiscriminator(
        GanBatch batch, Tensor generated, long dropoutSeed, RunState<GanEpochReport> state)
    {
        using var scope = NewDisposeScope();
        var count = batch.Images.shape[0];
        var labels = batch.Labels is { } ofBoth ? cat([ofBoth, ofBoth], 0) : null;
        discriminator.zero_grad();
        StepObserver.Begin("forward, between layers");
        var logits = discriminator.Discriminate(cat([batch.Images, generated], 0), labels, dropoutSeed); // (2 N)
        var (real, fake) = (logits.narrow(0, 0, count), logits.narrow(0, count, count));
        StepObserver.Begin("loss");
        var loss = AdversarialLoss.OfDiscriminator(options.Loss, real, fake, options.LabelSmoothing);
        if (options.Loss == GanLossKind.WganGp)
        {
            var random = batches.Random(RandomStream.Penalty, state.Epoch, state.Step);
            var penalty = GradientPenalty.Of(discriminator, batch.Images, generated, batch.Labels, dropoutSeed, random);
            loss = loss.add(penalty, alpha: GradientPenalty.Weight);
        }

        StepObserver.Begin("backward, between layers");
        loss.backward();
        StepObserver.Begin("optimizer");
        weights.Step(discriminator, (options.DiscriminatorLearningRate ?? options.LearningRate) * state.RateFactor);
        StepObserver.Begin("metrics");
        return (loss.item<float>(), Score(real), Score(fake));
    }

    private double MoveGenerator(GanBatch batch, Tensor generated, long dropoutSeed, double rateFactor)
    {
        using var scope = NewDisposeScope();
        generator.zero_grad();

        // The discriminator's own gradients would cost a third of this and be thrown away.
        var frozen = discriminator.parameters().Where(parameter => parameter.requires_grad).ToList();
        Tensor loss;
        try
        {
            frozen.ForEach(parameter => parameter.requires_grad_(false));
            StepObserver.Begin("forward, between layers");
            loss = AdversarialLoss.OfGenerator(options.Loss, discriminator.Discriminate(generated, batch.Labels, dropoutSeed));
            StepObserver.Begin("backward, between layers");
            loss.backward();
        }
        finally
        {
            frozen.ForEach(parameter => parameter.requires_grad_(true));
        }

        StepObserver.Begin("optimizer");
        weights.Step(generator, options.LearningRate * rateFactor);
        return loss.item<float>();
    }

    private double Score(Tensor logits) =>
        (AdversarialLoss.IsOfProbabilities(options.Loss) ? logits.sigmoid() : logits).mean().item<float>();
}
