namespace PhotoMl.Training;

/// <summary>What generator and discriminator minimise; see <see cref="AdversarialLoss"/> for the formulas.</summary>
public enum GanLossKind
{
    /// <summary>Cross-entropy, with the generator maximising log D(G(z)).</summary>
    NonSaturating,

    /// <summary>Cross-entropy, with the generator minimising log(1 - D(G(z))): the article's formula, which saturates.</summary>
    Minimax,

    /// <summary>Squared distance from 1 for real and 0 for generated: what the article's code meant.</summary>
    LeastSquares,

    /// <summary>Difference of the critic's means, with a penalty on its gradient.</summary>
    WganGp,

    /// <summary>Margins of 1 on either side.</summary>
    Hinge,
}
