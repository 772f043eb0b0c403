export default {
  optimizeDeps: { exclude: ['anypiano'] },
};
