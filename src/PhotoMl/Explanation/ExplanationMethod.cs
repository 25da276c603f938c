namespace PhotoMl.Explanation;

/// <summary>How the part that each place of an image has in a prediction is found.</summary>
public enum ExplanationMethod
{
    /// <summary>
    /// The channels of a layer, weighted by their gradients: coarse, and sure to be about the class. R. Selvaraju, M. Cogswell, A. Das, R. Vedantam, D. Parikh, D. Batra,
    /// "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017.
    /// </summary>
    GradCam,

    /// <summary>
    /// Gradients gathered on the way from a baseline to the image: signed, a value a pixel, and together the difference that the image makes.
    /// M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
    /// </summary>
    IntegratedGradients,

    /// <summary>
    /// What covering each part takes away: signed, and free of gradients. M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2.
    /// </summary>
    Occlusion,

    /// <summary>
    /// The size of the gradient at each pixel: quick and noisy. K. Simonyan, A. Vedaldi, A. Zisserman, "Deep Inside Convolutional Networks: Visualising Image
    /// Classification Models and Saliency Maps", ICLR workshop 2014, section 3.
    /// </summary>
    Saliency,
}
